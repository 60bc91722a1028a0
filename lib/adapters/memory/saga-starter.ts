/**
 * The saga starter of a test: it remembers whose runs were started, and every run goes at once as
 * the test says.
 */
import type { EpochMs } from "#kernel/units";
import type { SagaStarter } from "#services/orders/ports";

export type MemorySagaStarter = SagaStarter & {
  /** Names of the runs that were started, in order, each once. */
  readonly started: readonly string[];
};

/** @param statusOf the status of an execution after it was started, as Step Functions names it. */
export function memorySagaStarter(
  statusOf: (name: string) => string = () => "RUNNING",
  now: () => EpochMs = () => 0 as EpochMs,
): MemorySagaStarter {
  const started = new Map<string, EpochMs>();
  return {
    get started() {
      return [...started.keys()];
    },
    async start({ name }) {
      const since = started.get(name);
      if (since === undefined) {
        started.set(name, now());
        return { kind: "running", since: now() };
      }
      const status = statusOf(name);
      if (status === "RUNNING") return { kind: "running", since };
      return status === "SUCCEEDED" ? { kind: "succeeded" } : { kind: "needs-attention", status };
    },
  };
}
