import { beforeAll, describe } from "vitest";
import { dynamoPaymentBooks } from "#adapters/aws/dynamodb/payment-books";
import { dynamoPaymentSteps } from "#adapters/aws/dynamodb/payment-steps";
import { memoryPaymentSteps } from "#adapters/memory/payment-steps";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { paymentBooksContract } from "./payment-books-contract.ts";

describe("in memory", () => {
  paymentBooksContract(() => {
    const steps = memoryPaymentSteps();
    return { steps, books: steps };
  });
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("books");
  });

  // Pages of an odd number of items: orders are spread over two.
  paymentBooksContract(() => ({
    steps: dynamoPaymentSteps(table),
    books: dynamoPaymentBooks({ ...table, pageItems: 3 }),
  }));
});
