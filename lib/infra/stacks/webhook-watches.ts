/**
 * What people are called for about webhooks out. That a customer's endpoint fails is his matter:
 * these are about ours.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import type { Watch } from "../constructs/alarms.ts";
import { functionErrors, streamAge } from "../constructs/metrics.ts";
import type { OwnMetrics } from "../constructs/metrics.ts";
import type { Stage } from "../config/stage.ts";
import type { ApplicationStack } from "./application.ts";

export type WatchedWebhooks = {
  readonly stage: Pick<Stage, "alarms">;
  readonly application: Pick<ApplicationStack, "relays">;
  readonly own: OwnMetrics;
};

export function webhookWatches({ stage, application, own }: WatchedWebhooks): readonly Watch[] {
  const { lambda } = application.relays.webhookRelay.relay;
  return [
    {
      name: "webhook-relay-behind",
      description: "Planned webhooks are not on their way: the relay of their table is behind.",
      metric: streamAge(lambda),
      threshold: stage.alarms.oldestMessageSeconds * 1000,
      minutes: 3,
    },
    {
      name: "webhook-relay-errors",
      description: "The relay of webhooks crashes or runs out of time; its shard waits.",
      metric: functionErrors(lambda),
      threshold: 1,
      minutes: 3,
    },
    {
      name: "webhooks-stuck",
      description: "Webhooks of an endpoint and order halt for a cause of ours. Resolve them.",
      metric: own(METRICS.webhooksStuck, SERVICES.webhookDelivery),
      threshold: 1,
    },
    {
      name: "webhooks-overdue",
      description: "Retries of webhooks are long due, and nothing lets them go on.",
      metric: own(METRICS.webhooksOverdue, SERVICES.webhooks),
      threshold: 1,
      minutes: 3,
    },
  ];
}
