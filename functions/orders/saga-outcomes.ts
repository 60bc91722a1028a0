/**
 * What starting a saga came to, as counts and log lines: an order whose saga needs somebody must
 * not go unseen.
 */
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { StartSagasPorts } from "#services/orders/usecases/start-sagas";

export const tellStarts =
  (telemetry: Pick<Telemetry, "count" | "logger">): StartSagasPorts["tell"] =>
  (orderId, start) => {
    switch (start.kind) {
      case "running":
      case "succeeded":
        telemetry.count(METRICS.sagasStarted);
        return;
      case "needs-attention":
        telemetry.count(METRICS.sagasNeedAttention);
        telemetry.logger.error(
          "The saga of an order has ended, and not well; it needs attention.",
          { orderId, status: start.status },
        );
        return;
      default:
        start satisfies never;
    }
  };
