/**
 * What starting a saga came to, as counts and log lines: an order whose saga needs somebody must
 * not go unseen.
 */
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { FollowPorts } from "#services/orders/usecases/start-runs";

export const tellStarts =
  (telemetry: Pick<Telemetry, "count" | "logger">): FollowPorts["tell"] =>
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

export const tellPostponed =
  (telemetry: Pick<Telemetry, "logger">): FollowPorts["tellPostponed"] =>
  (orderId, error) =>
    telemetry.logger.warn("What follows a change could not be started; the watchdog will.", {
      orderId,
      error,
    });
