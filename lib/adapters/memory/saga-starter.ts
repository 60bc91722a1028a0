/**
 * The saga starter of a test: it remembers whose saga was started, and every run ends at once as
 * the test says.
 */
import type { SagaStarter } from "#services/orders/ports";

export type MemorySagaStarter = SagaStarter & {
  /** Orders whose saga was started, in order, each once. */
  readonly started: readonly string[];
};

/** @param statusOf the status of an execution after it was started, as Step Functions names it. */
export function memorySagaStarter(
  statusOf: (orderId: string) => string = () => "RUNNING",
): MemorySagaStarter {
  const started: string[] = [];
  return {
    started,
    async start(orderId) {
      if (!started.includes(orderId)) {
        started.push(orderId);
        return { kind: "running" };
      }
      const status = statusOf(orderId);
      return status === "RUNNING" || status === "SUCCEEDED"
        ? { kind: "running" }
        : { kind: "needs-attention", status };
    },
  };
}
