import { beforeAll, describe } from "vitest";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { memoryPaymentSteps } from "#adapters/memory/payment-steps";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { paymentStepsContract } from "./payment-steps-contract.ts";

describe("in memory", () => {
  paymentStepsContract(memoryPaymentSteps);
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("payments");
  });

  paymentStepsContract(() => dynamoPaymentSteps(table));
});
