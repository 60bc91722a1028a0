// A cart that somebody else is writing at the same moment is read and decided again, as one that
// has been written already; every other refusal is an error.
import { expect, test } from "vitest";
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { newCart } from "#services/orders/domain/cart";
import { now } from "../../support/order-samples.ts";
import { type Answer, done, refusedBy, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const cart = newCart("0".repeat(26), { customerId: "ann" }, now);

const replacing = (answer: Answer, ...others: readonly (typeof cart)[]) =>
  dynamoCartStore({ ...scriptedDynamo([answer], 1), table: "carts" }).replace(cart, ...others);

const cancelled = (...codes: readonly string[]): Answer =>
  refusedBy("TransactionCanceledException", {
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

test.each([
  ["a transaction under way", replacing(refusedBy("TransactionConflictException"))],
  ["another version", replacing(refusedBy("ConditionalCheckFailedException"))],
  ["a write under way", replacing(cancelled("None", "TransactionConflict"), cart)],
  ["both", replacing(cancelled("ConditionalCheckFailed", "TransactionConflict"), cart)],
])("%s leaves the cart unwritten", async (_, replaced) => {
  expect(await replaced).toBe(false);
});

test("what has another reason is told as it is", async () => {
  const throttled = replacing(cancelled("ThrottlingError", "TransactionConflict"), cart);

  await expect(throttled).rejects.toMatchObject({ code: "store-throttled", action: "retry" });
  expect([await replacing(done), await replacing(done, cart)]).toEqual([true, true]);
});
