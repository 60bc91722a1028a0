import { beforeAll, describe, expect, test } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoOrderOwners } from "#adapters/aws/dynamodb/order-owners";
import {
  dynamoWebhookDeliveries,
  dynamoWebhookRetries,
} from "#adapters/aws/dynamodb/webhook-deliveries";
import { dynamoWebhookEndpoints } from "#adapters/aws/dynamodb/webhook-endpoints";
import { dynamoWebhookLanes } from "#adapters/aws/dynamodb/webhook-lanes";
import { memoryWebhooks } from "#adapters/memory/webhook-store";
import { WEBHOOK_RETRIES } from "#contracts/indexes";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { noon } from "../support/webhook-samples.ts";
import { webhookStoreContract } from "./webhook-store-contract.ts";

describe("in memory", () => {
  webhookStoreContract(() => memoryWebhooks());
});

describe("in DynamoDB", () => {
  let table: LocalTable;

  beforeAll(async () => {
    table = await createLocalTable("webhooks", { whole: [WEBHOOK_RETRIES] });
  });

  webhookStoreContract(() => ({
    endpoints: dynamoWebhookEndpoints(table),
    lanes: dynamoWebhookLanes(table),
    deliveries: dynamoWebhookDeliveries(table),
    retries: dynamoWebhookRetries(table),
  }));

  test("an order is its first commit's customer's; one that is not there is nobody's", async () => {
    const owners = dynamoOrderOwners(table);
    expect(await owners.ownerOf("order-of-ann")).toBeUndefined();
    await dynamoEventStore(table).append({
      stream: "order-of-ann",
      number: 1,
      events: [{ type: "order.placed", sequence: 1, data: { customerId: "ann" } }],
      recordedAt: noon,
    });

    expect(await owners.ownerOf("order-of-ann")).toBe("ann");
  });
});
