/** The same function over the fenced layer: one import differs. */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "#adapters/powertools/index";
import type { Context } from "aws-lambda";
import { charge, type Payment } from "./charge.ts";

const persistenceStore = new DynamoDBPersistenceLayer({ tableName: "payments-idempotency" });
const config = new IdempotencyConfig({ eventKeyJmesPath: "paymentId" });

export const handler = makeIdempotent(
  async (payment: Payment, _context: Context) => charge(payment),
  { persistenceStore, config, keyPrefix: "charge" },
);
