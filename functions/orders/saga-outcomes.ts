/**
 * What starting sagas did, as counts and log lines: an order whose saga needs somebody must not go unseen.
 */
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { SagaStartOutcome } from "#services/orders/usecases/start-sagas";

export function tellOutcomes(
  outcomes: readonly SagaStartOutcome[],
  { count, logger }: Pick<Telemetry, "count" | "logger">,
): void {
  for (const outcome of outcomes) {
    switch (outcome.kind) {
      case "running":
        count(METRICS.sagasStarted);
        break;
      case "needs-attention":
        count(METRICS.sagasNeedAttention);
        logger.error("The saga of an order has ended, and not well; it needs attention.", outcome);
        break;
      case "buried":
        count(METRICS.messagesUndecodable);
        logger.error("A message that begins no saga went to the dead letters.", outcome);
        break;
      case "failed":
        count(METRICS.messagesReturned);
        logger.warn("A saga could not be started; its message is returned.", outcome);
        break;
      default:
        outcome satisfies never;
    }
  }
}
