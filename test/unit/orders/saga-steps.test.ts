// The order's own steps of its saga, each repeatable, whatever others write in between.
import { beforeEach, expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { sagaOrder } from "#contracts/saga";
import { withShort } from "#contracts/short-stock";
import type { EventStore } from "#messaging";
import type { OrderEvent } from "#services/orders/domain/events";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { beginSaga, closeOrder, confirmOrder } from "#services/orders/usecases/saga-steps";
import { type AppendFate, faultyEventStore } from "../../support/faulty-event-store.ts";
import { confirmed, facts, now, orderId, placed, rejected } from "../../support/order-samples.ts";

let store: EventStore;

beforeEach(() => {
  store = memoryEventStore();
});

async function given(...events: readonly OrderEvent[]): Promise<void> {
  for (const event of events) {
    const order = loadOrder(orderId, await store.read(orderId));
    await store.append(commitOf(order, [event], { now }));
  }
}

const storedEvents = async () =>
  (await store.read(orderId)).flatMap((commit) => commit.events.map(({ type }) => type));

const begin = { step: "begin", orderId, run: 0 } as const;
const confirm = { step: "confirm", orderId, paymentId: "pay-1" } as const;
const reject = {
  step: "reject",
  orderId,
  reason: "payment-declined",
  detail: "the provider declined",
} as const;

const steps = {
  confirm: (over: EventStore) => confirmOrder({ store: over }, confirm, { now }),
  reject: (over: EventStore) => closeOrder({ store: over }, reject, { now }),
};

test("a saga begins with what the other services need to know", async () => {
  await given(placed);

  const order = await beginSaga({ store }, begin);

  expect(sagaOrder.parse(order)).toEqual({
    orderId,
    lines: [
      { sku: "chair", quantity: 2 },
      { sku: "lamp", quantity: 1 },
    ],
    amount: 13_937,
    currency: "BRL",
  });
});

test("an order that stock was short for keeps of which SKUs, and the text for people", async () => {
  await given(placed);
  const short = [{ sku: "lamp", requested: 2, available: 1 }];
  const task = {
    ...reject,
    reason: "out-of-stock",
    detail: withShort("Not enough.", short),
  } as const;

  await closeOrder({ store }, task, { now });
  await closeOrder({ store }, { ...task, detail: "said otherwise" }, { now });

  expect(loadOrder(orderId, await store.read(orderId)).state).toMatchObject({
    rejection: { reason: "out-of-stock", detail: "Not enough.", short },
  });
});

test.each([
  { name: "unknown", events: [] },
  { name: "confirmed", events: [placed, confirmed] },
  { name: "rejected", events: [placed, rejected] },
])("no saga begins with an order that is $name", async ({ events }) => {
  await given(...events);

  await expect(beginSaga({ store }, begin)).rejects.toMatchObject({
    code: "order-not-open",
    action: "reject",
  });
});

test.each([
  { step: "confirm", type: "order.confirmed" },
  { step: "reject", type: "order.rejected" },
] as const)("$step is written once, however often it is asked for", async ({ step, type }) => {
  await given(placed);

  await steps[step](store);
  await steps[step](store);

  expect(await storedEvents()).toEqual(["order.placed", type]);
});

test("confirming at once from two places writes once", async () => {
  await given(placed);

  await Promise.all([steps.confirm(store), steps.confirm(store), steps.confirm(store)]);

  expect(await storedEvents()).toEqual(["order.placed", "order.confirmed"]);
});

const said = { author: "ann", reason: "changed her mind" };

const refund = (refundId: string, amount: number, cause: "refund" | "cancel"): OrderEvent => ({
  type: "order.refund-requested",
  data: { refundId, amount, cause, ...said },
});

test("a cancellation that came before the confirmation is paid back by the saga", async () => {
  await given(placed, { type: "order.cancel-requested", data: said });

  await expect(steps.confirm(store)).rejects.toMatchObject({ code: "cancel-requested" });
  await expect(steps.confirm(store)).rejects.toMatchObject({ code: "cancel-requested" });
});

test("repeated after a part was paid back, a confirmation leaves the rest to it", async () => {
  const part = refund("part", 500, "refund");
  const paidBack: OrderEvent = {
    type: "order.refunded",
    data: { refundId: "part", paymentId: "pay-1" },
  };
  const rest = refund("cancel", facts.total - 500, "cancel");
  const cancel: OrderEvent = { type: "order.cancel-requested", data: said };
  await given(placed, confirmed, part, paidBack, cancel, rest);

  await steps.confirm(store);

  expect(await storedEvents()).toHaveLength(6);
});

test("of a confirmation and a rejection at once the second is refused", async () => {
  await given(placed);

  const outcomes = await Promise.allSettled([steps.confirm(store), steps.reject(store)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await storedEvents()).toHaveLength(2);
});

test.each<{ name: string; fates: readonly AppendFate[] }>([
  { name: "took effect", fates: ["lost-after-write"] },
  { name: "never arrived", fates: ["lost-before-write"] },
  { name: "was lost twice", fates: ["lost-before-write", "lost-after-write"] },
])("a write whose answer was lost and that $name ends as one", async ({ fates }) => {
  await given(placed);

  await steps.confirm(faultyEventStore(store, fates));

  expect(await storedEvents()).toEqual(["order.placed", "order.confirmed"]);
});

test("an order that never holds still is left to the saga's retries", async () => {
  await given(placed);
  const taken: EventStore = {
    read: (stream) => store.read(stream),
    append: async (commit) => ({ kind: "exists", commit }),
  };

  await expect(steps.confirm(taken)).rejects.toMatchObject({ code: "conflict", action: "retry" });
});

test("an error of the store that says nothing of the outcome is not hidden", async () => {
  await given(placed);
  const broken: EventStore = {
    read: (stream) => store.read(stream),
    append: () => Promise.reject(new Error("no such table")),
  };

  await expect(steps.confirm(broken)).rejects.toThrow("no such table");
});
