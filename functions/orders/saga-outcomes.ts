/**
 * What starting sagas did, as counts and log lines: an order whose saga needs somebody must not go
 * unseen.
 */
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { SagaStartOutcome } from "#services/orders/usecases/start-sagas";

export function tellOutcomes(
  outcomes: readonly SagaStartOutcome[],
  telemetry: Pick<Telemetry, "count" | "logger">,
): void {
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case "running":
        telemetry.count(METRICS.sagasStarted);
        break;
      case "needs-attention":
        telemetry.count(METRICS.sagasNeedAttention);
        telemetry.logger.error(
          "The saga of an order has ended, and not well; it needs attention.",
          outcome,
        );
        break;
      case "buried":
        telemetry.count(METRICS.messagesUndecodable);
        telemetry.logger.error("A message that begins no saga went to the dead letters.", outcome);
        break;
      case "failed":
        telemetry.count(METRICS.messagesReturned);
        telemetry.logger.warn("A saga could not be started; its message is returned.", outcome);
        break;
      default:
        outcome satisfies never;
    }
  }
}
