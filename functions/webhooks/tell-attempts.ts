/**
 * What became of attempts, as counts and log lines: never an address or a body, which are the
 * customers' own.
 */
import { METRICS } from "#contracts/metrics";
import type { Telemetry } from "#runtime/telemetry";
import type { AttemptTold, DeliverPorts } from "#services/webhooks/deliver-webhook";

export const tellAttempts =
  (telemetry: Pick<Telemetry, "count" | "logger">): DeliverPorts["tell"] =>
  (told) => {
    switch (told.kind) {
      case "attempted":
        return telemetry.count(metricOf(told.delivery));
      case "closed":
        return telemetry.count(METRICS.webhooksClosed);
      case "disabled": {
        const { endpointId, because } = told;
        telemetry.count(METRICS.webhookEndpointsDisabled);
        telemetry.logger.warn("A webhook endpoint is disabled.", { endpointId, because });
        return;
      }
      case "stuck": {
        const { lane, failure } = told;
        telemetry.count(METRICS.webhooksStuck);
        telemetry.logger.error("A lane of webhooks halts until somebody resolves it.", {
          lane,
          error: failure,
        });
        return;
      }
      default:
        told satisfies never;
    }
  };

type Attempted = Extract<AttemptTold, { kind: "attempted" }>["delivery"];

function metricOf({ status }: Attempted) {
  switch (status) {
    case "delivered":
      return METRICS.webhooksDelivered;
    case "failed":
      return METRICS.webhooksFailed;
    case "closed":
      return METRICS.webhooksClosed;
    case "pending":
    case "retrying":
      return METRICS.webhooksRetried;
    default:
      return status satisfies never;
  }
}
