/**
 * Runs invocations in sandboxes: each has one at a time, keeps what it remembers from one to the
 * next, and ends by a kill or by its timeout. A sandbox that is frozen at its timeout is given up
 * but not ended: what it does when it thaws comes from a zombie.
 */
import type { Rng } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "./faults.ts";
import { type SimulatedProcess, simulatedProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

export type InvocationEnd<Answer> =
  | { readonly kind: "answered"; readonly answer: Answer }
  /** Killed, or its answer was lost. */
  | { readonly kind: "crashed" }
  | { readonly kind: "timed-out" };

export type Invocation<Batch> = {
  readonly process: SimulatedProcess;
  readonly batch: Batch;
  /** As the sandbox's own clock says. */
  readonly remainingMs: () => number;
  /** Calls `tell` when less than `marginMs` is left, unless that is prevented by the answer. */
  readonly near: (marginMs: number, tell: () => void) => () => void;
};

export type LambdaHostOptions<Batch, Answer> = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly timeoutMs: number;
  /** How wrong a sandbox's clock is at most when it starts, and by how much it jumps. */
  readonly skewMsMax: number;
  /** A cold start: what the returned function remembers lasts as long as the sandbox. */
  readonly start: (process: SimulatedProcess) => (invocation: Invocation<Batch>) => Promise<Answer>;
};

export type LambdaHost<Batch, Answer> = {
  /** `ended` is called once. */
  invoke(batch: Batch, ended: (end: InvocationEnd<Answer>) => void): void;
  /** Started so far. */
  sandboxes(): number;
};

export const HOST_FAULTS = {
  "lost-invocation-answer": [0.01, 0.15],
  "clock-skew": [0.05, 0.5],
  "clock-jump": [0.01, 0.1],
} as const satisfies FaultRates;

/** A timed-out function is stopped a little late (300.68 s where 300 s were configured). */
const LATE_STOP_MS_MAX = 700;
/** One in so many invocations finds no warm sandbox although there is one. */
const COLD_ONE_IN = 6;

type Sandbox<Batch, Answer> = {
  readonly process: SimulatedProcess;
  readonly work: (invocation: Invocation<Batch>) => Promise<Answer>;
};

export function lambdaHost<Batch, Answer>(
  options: LambdaHostOptions<Batch, Answer>,
): LambdaHost<Batch, Answer> {
  const { scheduler, swarm, rng, timeoutMs, skewMsMax, start } = options;
  const warm: Sandbox<Batch, Answer>[] = [];
  let started = 0;

  const signed = (most: number): number => rng.int(2 * most) - most;

  const coldStart = (): Sandbox<Batch, Answer> => {
    started += 1;
    const process = simulatedProcess(scheduler, `sandbox-${started}`);
    if (swarm.fires("clock-skew")) {
      swarm.happened("clock-skew");
      process.skew(signed(skewMsMax));
    }
    return { process, work: start(process) };
  };

  const take = (): Sandbox<Batch, Answer> => {
    const isCold = warm.length === 0 || rng.int(COLD_ONE_IN) === 0;
    const [found] = isCold ? [] : warm.splice(rng.int(warm.length), 1);
    return found ?? coldStart();
  };

  return {
    sandboxes: () => started,
    invoke(batch, ended) {
      const sandbox = take();
      const { process } = sandbox;
      let isOver = false;
      const over = (end: InvocationEnd<Answer>): void => {
        if (isOver) return;
        isOver = true;
        ended(end);
      };
      if (swarm.fires("clock-jump")) {
        swarm.happened("clock-jump");
        // To another difference, not by one: it stays within its bound.
        const isWrongBy = process.clock.now() - scheduler.now();
        process.skew(signed(skewMsMax) - isWrongBy);
      }

      const begunAt = process.clock.now();
      const remainingMs = (): number => begunAt + timeoutMs - process.clock.now();
      const near = (marginMs: number, tell: () => void): (() => void) => {
        let isPrevented = false;
        const leftMs = Math.max(0, remainingMs() - marginMs);
        scheduler.after(leftMs, () => process.deliver(() => (isPrevented ? undefined : tell())));
        return () => {
          isPrevented = true;
        };
      };
      process.onDeath(() => over({ kind: "crashed" }));
      scheduler.after(timeoutMs + rng.int(LATE_STOP_MS_MAX), () => {
        if (isOver) return;
        over({ kind: "timed-out" });
        if (!process.isFrozen()) process.kill();
      });
      void sandbox.work({ process, batch, remainingMs, near }).then((answer) => {
        if (isOver || process.isDead()) return;
        warm.push(sandbox);
        if (swarm.fires("lost-invocation-answer")) {
          swarm.happened("lost-invocation-answer");
          over({ kind: "crashed" });
        } else over({ kind: "answered", answer });
      });
    },
  };
}
