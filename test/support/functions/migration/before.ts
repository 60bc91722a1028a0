/** A payment function as Powertools' users write it; `docs/migrate-from-powertools.md` shows it. */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import type { Context } from "aws-lambda";
import { charge, type Payment } from "./charge.ts";

const persistenceStore = new DynamoDBPersistenceLayer({ tableName: "payments-idempotency" });
const config = new IdempotencyConfig({ eventKeyJmesPath: "paymentId" });

export const handler = makeIdempotent(
  async (payment: Payment, _context: Context) => charge(payment),
  { persistenceStore, config, keyPrefix: "charge" },
);
