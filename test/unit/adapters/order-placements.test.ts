// Placing an order in a transaction, answered as only the real service does: conflicts with another
// transaction, and the client's own repetition of a request whose answer was lost.
import { expect, test } from "vitest";
import { dynamoOrderPlacements } from "#adapters/aws/dynamodb/order-placements";
import { commitItem } from "#adapters/aws/dynamodb/commit-items";
import { commitOf, newOrder } from "#services/orders/usecases/order-stream";
import { facts, now, orderId } from "../../support/order-samples.ts";
import { type Answer, done, refusedBy, scriptedDynamo } from "../../support/scripted-dynamo.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

const commit = commitOf(newOrder(orderId), [{ type: "order.placed", data: facts }], { now });
const beside = {
  reference: { customerId: "ann", text: "ref-1" },
  cart: { cartId: "cart-1", version: 3 },
};

type Reason = string | Record<string, unknown>;

const cancelled = (...reasons: readonly Reason[]): Answer =>
  refusedBy("TransactionCanceledException", {
    CancellationReasons: reasons.map((reason) =>
      typeof reason === "string" ? { Code: reason } : { ...reason },
    ),
  });
const refusedWith = (Item?: unknown) => ({ Code: "ConditionalCheckFailed", Item });
const conflict = cancelled("TransactionConflict", "None", "None");

function given(...answers: readonly Answer[]) {
  const clock = steppingClock();
  const { client, requests } = scriptedDynamo(answers);
  const tables = { table: "orders", cartsTable: "carts" };
  const store = dynamoOrderPlacements({ client, ...tables, clock, newId: () => "attempt-1" });
  return { store, requests, clock };
}

test("commit, cart and reference are one request, each with its condition", async () => {
  const { store, requests } = given(done);

  expect(await store.begin(commit, beside)).toEqual({ kind: "appended" });
  expect(requests).toMatchObject([
    {
      TransactItems: [
        { Put: { TableName: "orders", ConditionExpression: "attribute_not_exists(pk)" } },
        { Update: { TableName: "carts", ConditionExpression: "version = :seen" } },
        { Put: { TableName: "orders", ConditionExpression: "attribute_not_exists(pk)" } },
      ],
    },
  ]);
});

test("an order without either is one conditional write, no transaction", async () => {
  const { store, requests } = given(done);

  expect(await store.begin(commit, {})).toEqual({ kind: "appended" });
  expect(requests).toHaveLength(1);
  expect(requests[0]).not.toHaveProperty("TransactItems");
});

test("a twin's transaction on the same items is waited for, and then found", async () => {
  const standing = commitItem({ ...commit, fingerprint: "twin" }, "attempt-of-the-twin");
  const { store, clock } = given(
    conflict,
    conflict,
    cancelled(refusedWith(standing), refusedWith(), refusedWith()),
  );

  expect(await store.begin(commit, beside)).toMatchObject({
    kind: "exists",
    commit: { fingerprint: "twin" },
  });
  expect(clock.slept).toHaveLength(2);
});

test("conflicts that do not end are given up as throttling", async () => {
  const { store, requests } = given(conflict);

  await expect(store.begin(commit, beside)).rejects.toMatchObject({
    code: "store-throttled",
    action: "retry",
  });
  expect(requests).toHaveLength(4);
});

test("its own commit, written by a request whose answer was lost, is no other's", async () => {
  const own = commitItem(commit, "attempt-1");
  const { store } = given(cancelled(refusedWith(own), refusedWith(), refusedWith()));

  expect(await store.begin(commit, beside)).toEqual({ kind: "appended" });
});

test("what was refused is told: the cart before the reference", async () => {
  const taken = refusedWith({ orderId: { S: "other-order" } });
  const answered = (...reasons: readonly Reason[]) =>
    given(cancelled(...reasons)).store.begin(commit, beside);

  expect(await answered("None", "None", taken)).toEqual({
    kind: "reference-taken",
    orderId: "other-order",
  });
  expect(await answered("None", refusedWith(), taken)).toEqual({ kind: "cart-changed" });
  expect(await answered("None", refusedWith(), "None")).toEqual({ kind: "cart-changed" });
});
