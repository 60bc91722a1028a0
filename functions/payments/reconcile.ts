/**
 * Once a day: compares the provider's payments with our books, a bounded part in a run.
 */
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { SERVICES } from "#contracts/metrics";
import { reconcilePaymentsRun } from "#contracts/operator";
import { randomIds } from "#kernel/ids";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { reconcilePayments } from "#services/payments/reconcile-payments";
import { agreeing } from "./agreeing.ts";

/** Of at most 300 items of the provider's and 500 of ours. */
const PAGES_MAX = 40;

const environment = config(
  "PAYMENTS_TABLE",
  "PROVIDER_URL",
  "PROVIDER_SECRET_ARN",
  "EVENT_BUS_NAME",
);
const agreed = agreeing(environment, telemetry(SERVICES.payments));

const ports = {
  ...agreed,
  list: agreed.provider,
  cursors: dynamoRecordStore({ ...agreed.table, kind: "reconcile" }),
  newId: randomIds,
};

export const handler = taskFunction({
  service: SERVICES.payments,
  schema: reconcilePaymentsRun,
  handle: ({ pages }, { now }) => reconcilePayments(ports, { pagesMax: pages ?? PAGES_MAX }, now),
});
