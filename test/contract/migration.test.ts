// docs/migrate-from-powertools.md: its code is the code that runs here, before and after differ in
// one import, and what that import mends is seen in charges.
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "aws-lambda";
import { afterEach, beforeAll, beforeEach, expect, inject, test, vi } from "vitest";
import { localConnection } from "../support/connection.ts";
import {
  type charge,
  chargesOf,
  chargesWaitFor,
  type Payment,
} from "../support/functions/migration/charge.ts";
import { lambdaContext } from "../support/gateway-event.ts";

type Handler = (payment: Payment, context: Context) => ReturnType<typeof charge>;

const root = join(import.meta.dirname, "..", "..");
const LEASE_MS = 10_000;
const context = { ...lambdaContext(), getRemainingTimeInMillis: () => LEASE_MS };

let before: Handler;
let after: Handler;
let made = 0;

beforeAll(async () => {
  const { endpoint, region, credentials } = localConnection();
  vi.stubEnv("AWS_ENDPOINT_URL", inject("localCloud").endpoint);
  vi.stubEnv("AWS_REGION", region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
  await new DynamoDBClient({ endpoint, region, credentials }).send(
    new CreateTableCommand({
      TableName: "payments-idempotency",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  ({ handler: before } = await import("../support/functions/migration/before.ts"));
  ({ handler: after } = await import("../support/functions/migration/after.ts"));
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
  chargesWaitFor(Promise.resolve());
});

const payment = (): Payment => {
  made += 1;
  return { paymentId: `payment-${made}`, amount: 10 };
};

const source = (name: string): string =>
  readFileSync(join(root, "test/support/functions/migration", name), "utf8").replace(
    /^.*\*\/\n/,
    "",
  );

test("the document shows what runs, and one line differs", () => {
  const text = readFileSync(join(root, "docs/migrate-from-powertools.md"), "utf8");
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

  const [shownBefore = "", shownAfter = ""] = blocks;
  expect(blocks).toHaveLength(2);
  expect(shownBefore).toBe(source("before.ts"));
  expect(shownAfter).toBe(
    source("after.ts").replace("#adapters/powertools/index", "inorder/powertools"),
  );
  const lines = shownBefore.split("\n");
  expect(shownAfter.split("\n").filter((line, index) => line !== lines[index])).toEqual([
    'import { DynamoDBPersistenceLayer } from "inorder/powertools";',
  ]);
});

test("while a deployment rolls, either version is answered what the other has done", async () => {
  const [one, two] = [payment(), payment()];

  await before(one, context);
  await after(one, context);
  await after(two, context);
  await before(two, context);

  expect([one, two].map(({ paymentId }) => chargesOf(paymentId))).toEqual([1, 1]);
});

/** A run stalls, another takes over and works; the first fails; then the payment comes again. */
async function chargesAfterZombie(handler: Handler): Promise<number> {
  const { paymentId, amount } = payment();
  const stalled = Promise.withResolvers<void>();
  const working = Promise.withResolvers<void>();
  chargesWaitFor(stalled.promise);
  const late = handler({ paymentId, amount }, context);
  await vi.waitUntil(() => chargesOf(paymentId) === 1);
  vi.setSystemTime(Date.now() + LEASE_MS + 1);
  chargesWaitFor(working.promise);
  const newer = handler({ paymentId, amount }, context);
  await vi.waitUntil(() => chargesOf(paymentId) === 2);

  stalled.reject(new Error("it failed"));
  await expect(late).rejects.toThrow("it failed");
  const third = handler({ paymentId, amount }, context).catch(() => "refused");
  working.resolve();
  await Promise.all([newer, third]);
  return chargesOf(paymentId);
}

test("after the change a late run no longer opens the way to a third charge", async () => {
  expect(await chargesAfterZombie(before)).toBe(3);
  expect(await chargesAfterZombie(after)).toBe(2);
});
