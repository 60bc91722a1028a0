/**
 * The executions of one state machine by their names, as StartExecution and DescribeExecution of a
 * Standard workflow answer about them.
 * Source: AWS Step Functions API Reference, StartExecution.
 */
import type { Json } from "#kernel/json";
import { type Callbacks, execute, type ExecutionEnd, type ExecutionOptions } from "./execution.ts";

export type ExecutionStatus = "RUNNING" | ExecutionEnd["status"];

export type ExecutionsOptions = Omit<ExecutionOptions, "name" | "input" | "rng"> & {
  readonly rng: ExecutionOptions["rng"];
  readonly onEnd?: (name: string, end: ExecutionEnd) => void;
};

export type Executions = {
  /**
   * `started` also for a running execution of that name and input: "StartExecution is idempotent".
   * `exists`: it has ended, or its input was another one; nothing was started.
   */
  start(name: string, input: Json): "started" | "exists";
  /**
   * SendTaskSuccess. False: nobody waits with that token (any more): TaskDoesNotExist,
   * TaskTimedOut.
   */
  callBack(token: string, result: Json): boolean;
  /** What happens 90 days after its end: its name is free for another. */
  forget(name: string): void;
  /** Undefined: there never was one. */
  status(name: string): ExecutionStatus | undefined;
  /** 0: there never was one. */
  startedAt(name: string): number;
  /** In the order of their starts. */
  names(): readonly string[];
};

type Known = { readonly input: string; readonly startedAt: number; status: ExecutionStatus };

export function executions(options: ExecutionsOptions): Executions {
  const { rng, onEnd } = options;
  const known = new Map<string, Known>();
  const callbacks: Callbacks = new Map();
  let started = 0;

  return {
    start(name, input) {
      const written = JSON.stringify(input);
      const present = known.get(name);
      if (present !== undefined) {
        const isSame = present.status === "RUNNING" && present.input === written;
        return isSame ? "started" : "exists";
      }
      const entry: Known = { input: written, startedAt: options.time.now(), status: "RUNNING" };
      known.set(name, entry);
      started += 1;
      const own = { name, input, callbacks, rng: rng.fork(`${name} ${started}`) };
      void execute({ ...options, ...own }).then((end) => {
        entry.status = end.status;
        onEnd?.(name, end);
      });
      return "started";
    },
    callBack(token, result) {
      const resolve = callbacks.get(token);
      callbacks.delete(token);
      resolve?.({ kind: "succeeded", result });
      return resolve !== undefined;
    },
    forget(name) {
      if (known.get(name)?.status !== "RUNNING") known.delete(name);
    },
    status: (name) => known.get(name)?.status,
    startedAt: (name) => known.get(name)?.startedAt ?? 0,
    names: () => [...known.keys()],
  };
}
