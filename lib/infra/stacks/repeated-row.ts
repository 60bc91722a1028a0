/**
 * The dashboard's row about requests with an Idempotency-Key whose answers are kept: how many came
 * again, and what became of those that had no answer.
 */
import { METRICS, SERVICES } from "#contracts/metrics";
import type { DashboardRow } from "../constructs/dashboard.ts";
import { labelled, type OwnMetrics } from "../constructs/metrics.ts";

export function repeatedRow(own: OwnMetrics): DashboardRow {
  const named = (name: keyof typeof METRICS, service: string) =>
    labelled(own(METRICS[name], service), `${METRICS[name]} ${service}`);
  return {
    heading: "## Repeated requests: is each handled once?",
    graphs: [SERVICES.inventory, SERVICES.webhooks].flatMap((service) => [
      {
        title: `Handled and answered again: ${service}`,
        metrics: [named("idempotencyMisses", service), named("idempotencyHits", service)],
      },
      {
        title: `Refused, met each other, in doubt: ${service}`,
        metrics: [
          named("idempotencyConflicts", service),
          named("idempotencyInProgress", service),
          named("idempotencyReleased", service),
          named("idempotencyLost", service),
        ],
      },
    ]),
  };
}
