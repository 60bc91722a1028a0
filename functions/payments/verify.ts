/**
 * Invoked by operators: verifies a part of the ledger, as many pages as an invocation has time for.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import { SERVICES } from "#contracts/metrics";
import { verifyLedgerPart } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { verifyLedger, verifyOrders } from "#services/payments/verify-ledger";

const { PAYMENTS_TABLE } = config("PAYMENTS_TABLE");

const books = dynamoPaymentBooks({ client: dynamoClient(), table: PAYMENTS_TABLE });

export const handler = taskFunction({
  service: SERVICES.payments,
  schema: verifyLedgerPart,
  handle: (asked) =>
    "orderIds" in asked
      ? verifyOrders(books, asked.orderIds)
      : verifyLedger(books, { cursor: asked.cursor, pagesMax: 40 }),
});
