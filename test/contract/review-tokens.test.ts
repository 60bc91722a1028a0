// The callbacks of reviews over memory and beside the orders in their table.
import { beforeAll, describe } from "vitest";
import { dynamoReviewTokens } from "#adapters/aws/dynamodb/review-tokens";
import { memoryReviewTokens } from "#adapters/memory/review-tokens";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { reviewTokensContract } from "./review-tokens-contract.ts";

describe("in memory", () => {
  reviewTokensContract(memoryReviewTokens);
});

describe("in DynamoDB", () => {
  let local: LocalTable;

  beforeAll(async () => {
    local = await createLocalTable("review-tokens");
  });

  reviewTokensContract(() => dynamoReviewTokens(local));
});
