/**
 * Every hour: compares the provider's payments with our books, as many as there is time for.
 */
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { SERVICES } from "#contracts/metrics";
import { reconcilePaymentsRun } from "#contracts/operator";
import { randomIds } from "#kernel/ids";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { telemetry } from "#runtime/telemetry";
import { reconcilePayments } from "#services/payments/reconcile-payments";
import { agreeing } from "./agreeing.ts";

/** Of each side: at most 300 payments of the provider's, 100 items of ours. Time ends it first. */
const PAGES_MAX = 5000;
/** Few: what a run had no time for is the page that the next one begins with. */
const PAGE_ITEMS = 100;

const environment = config(
  "PAYMENTS_TABLE",
  "PROVIDER_URL",
  "PROVIDER_SECRET_ARN",
  "EVENT_BUS_NAME",
);
const agreed = agreeing(environment, telemetry(SERVICES.payments));

const ports = {
  ...agreed,
  books: dynamoPaymentBooks({ ...agreed.table, pageItems: PAGE_ITEMS }),
  list: agreed.provider,
  cursors: dynamoRecordStore({ ...agreed.table, kind: "reconcile" }),
  newId: randomIds,
};

export const handler = taskFunction({
  service: SERVICES.payments,
  schema: reconcilePaymentsRun,
  async handle({ pages }, { now, remainingMs, log }) {
    const limits = { pagesMax: pages ?? PAGES_MAX, remainingMs };
    const compared = await reconcilePayments(ports, limits, now);
    log.info("Compared payments with the provider.", { compared });
    return compared;
  },
});
