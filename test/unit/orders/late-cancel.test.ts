// A cancellation that comes when the order is paid for: it ends when all of the money is back, and
// nothing of it is lost where parts were on their way before, are refused, or the goods leave.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import type { OrderTask } from "#contracts/saga";
import type { OrderEvent } from "#services/orders/domain/events";
import { type OrderCommand, statusOf } from "#services/orders/domain/order";
import { expectedRuns } from "#services/orders/domain/runs";
import type { SagaStarter } from "#services/orders/ports";
import { commitOf, loadOrder } from "#services/orders/usecases/order-stream";
import { runOrderTask } from "#services/orders/usecases/saga-steps";
import {
  after,
  by,
  cancel,
  failureOf,
  paidBack,
  refund,
  refusedBack,
  stateAfter,
  typesOf,
  refused,
} from "../../support/order-decisions.ts";
import {
  confirmed,
  facts,
  finalReport,
  now,
  orderId,
  placed,
  stepReport,
} from "../../support/order-samples.ts";

const bought = [placed, confirmed];
const part = refund("r-1", 400);
const rest = facts.total - 400;
const close: OrderCommand = { type: "cancel" };
const stuck = (refundId: string, run = 0): OrderCommand => ({
  type: "file-attention",
  refundId,
  run,
  kind: "failed",
  cause: "PayBack: Refused",
});
const retry = (refundId: string): OrderCommand => ({ type: "retry", refundId, ...by });
const handedOver: OrderCommand = {
  type: "report-fulfilment",
  report: stepReport("handed-to-carrier", 1),
};
const attentionOf = (events: readonly OrderEvent[]) => stateAfter(events).life.attention;
const refundsOf = (events: readonly OrderEvent[]) =>
  stateAfter(events).life.refunds.map(({ refundId, amount, outcome }) => [
    refundId,
    amount,
    outcome,
  ]);

test("a cancellation waits for a part that is on its way, and then ends", () => {
  const waits = after(bought, part, cancel, paidBack("cancel"));

  expect(failureOf(() => after(waits, close))).toMatchObject({ code: "conflict", action: "retry" });
  expect(statusOf(stateAfter(after(waits, paidBack("r-1"), close, close)))).toBe("cancelled");
});

test("a part that has failed stays to be repaired, and the cancellation ends behind it", () => {
  const waits = after(bought, part, stuck("r-1"), cancel, paidBack("cancel"));

  expect(attentionOf(waits)).toMatchObject([{ refundId: "r-1" }]);
  const repaired = after(waits, retry("r-1"));
  expect(expectedRuns(stateAfter(repaired)).map(({ name }) => name)).toContain(
    `${orderId}-refund-r-1-r1`,
  );
  expect(statusOf(stateAfter(after(repaired, paidBack("r-1"), close)))).toBe("cancelled");
});

test("an order that was cancelled over a failed part still owes it", () => {
  const events: readonly OrderEvent[] = [
    ...after(bought, part, stuck("r-1"), cancel, paidBack("cancel"), stuck("cancel")),
    { type: "order.cancelled", data: {} },
  ];

  expect(attentionOf(events)).toMatchObject([{ refundId: "r-1" }]);
  const paid = after(events, retry("r-1"), paidBack("r-1"));
  expect(stateAfter(paid)).toMatchObject({ phase: "cancelled", life: { attention: [] } });
});

test("a part that is refused is asked for once more by the cancellation", () => {
  const asked = after(bought, part, cancel, paidBack("cancel"), refusedBack("r-1"));

  expect(refundsOf(asked)).toEqual([
    ["r-1", 400, "refused"],
    ["cancel", rest, "refunded"],
    ["cancel-2", 400, "pending"],
  ]);
  expect(expectedRuns(stateAfter(asked)).map(({ refundId }) => refundId)).toEqual([
    "cancel",
    "cancel-2",
  ]);
  expect(failureOf(() => after(asked, close)).action).toBe("retry");
  expect(after(asked, refusedBack("r-1"))).toEqual(asked);
  expect(statusOf(stateAfter(after(asked, paidBack("cancel-2"), close)))).toBe("cancelled");
});

test("a cancellation that is paid back in part needs somebody for the rest, each time", () => {
  const asked = after(bought, part, cancel, paidBack("cancel"), refusedBack("r-1"));
  const refusedAgain = after(asked, refusedBack("cancel-2"));

  expect(typesOf(refusedAgain).slice(asked.length)).toEqual([
    "order.refund-refused",
    "order.needs-attention",
  ]);
  expect(refused(refusedAgain, close)).toBe("order-not-open");
  const retried = after(refusedAgain, retry("cancel-2"));
  expect(refundsOf(retried).at(-1)).toEqual(["cancel-3", 400, "pending"]);
  expect(attentionOf(retried)).toEqual([]);
  expect(statusOf(stateAfter(after(retried, paidBack("cancel-3"), close)))).toBe("cancelled");
});

test("a part that is refused where nobody cancels is free for another refund, and no more", () => {
  const freed = after(bought, part, refusedBack("r-1"));

  expect(refundsOf(freed)).toEqual([["r-1", 400, "refused"]]);
});

test("a cancelled order has nothing to pay back, be it before or after it was paid for", () => {
  const asked: OrderEvent = { type: "order.cancel-requested", data: by };
  const unpaid = after([placed, asked], close);
  const paid = after(bought, cancel, paidBack("cancel"), close);

  expect(refused(unpaid, refund("r-2", 1))).toBe("order-not-open");
  expect(refused(paid, refund("r-2", 1))).toBe("refund-exceeds-payment");
  expect(refused(after(bought, cancel), refund("r-2", 1))).toBe("order-not-open");
});

test("goods that leave while it is cancelled: paid back, shipped, and somebody is told", () => {
  const left = after(bought, cancel, handedOver);

  expect(typesOf(left).slice(-2)).toEqual(["order.fulfilment-reported", "order.needs-attention"]);
  expect(after(left, handedOver)).toEqual(left);
  expect(refused(left, close)).toBe("order-not-open");
  const paid = after(left, paidBack("cancel"));
  expect(refused(paid, close)).toBe("order-not-open");
  expect(stateAfter(paid)).toMatchObject({ phase: "reported", status: "shipped" });
  expect(expectedRuns(stateAfter(paid))).toEqual([]);
  expect(attentionOf(paid)).toMatchObject([{ kind: "failed" }]);
  const seen = after(paid, {
    type: "resolve",
    stated: { outcome: "confirmed", paymentId: "pay-1" },
    ...by,
  });
  expect(typesOf(seen).slice(paid.length)).toEqual(["order.repaired"]);
  expect(attentionOf(seen)).toEqual([]);
});

test("what a carrier says beside leaving disturbs no cancellation", () => {
  const approved = after(bought, cancel, {
    type: "report-fulfilment",
    report: stepReport("approved", 1),
  });
  const final = after(approved, { type: "report-fulfilment", report: finalReport("invoiced", 2) });

  expect(attentionOf(final)).toEqual([]);
  expect(statusOf(stateAfter(after(final, paidBack("cancel"), close)))).toBe("cancelled");
});

/** Of a run of the order with these events, which may be repeated. */
async function taskAfter(
  events: readonly OrderEvent[],
  task: OrderTask,
  starter: SagaStarter = memorySagaStarter(),
) {
  const store = memoryEventStore();
  for (const event of events) {
    const order = loadOrder(orderId, await store.read(orderId));
    await store.append(commitOf(order, [event], { now }));
  }
  const tokens = { keep: () => Promise.reject(new Error("no review")) };
  const postponed: unknown[] = [];
  const ports = {
    store,
    tokens,
    starter,
    tell: () => undefined,
    tellPostponed: (_orderId: string, cause: unknown) => postponed.push(cause),
  };
  return { store, postponed, run: () => runOrderTask(ports, task, { now }) };
}

const refuse = (refundId: string) =>
  ({ step: "refuse-refund", orderId, refundId, detail: "the provider refuses it" }) as const;
const cancelled = after(bought, part, cancel, paidBack("cancel"));

test("what is asked for in place of a refused part is started at once, and once", async () => {
  const starter = memorySagaStarter();
  const { run } = await taskAfter(cancelled, refuse("r-1"), starter);

  expect([await run(), await run()]).toEqual([{ orderId }, { orderId }]);
  expect(starter.started).toEqual([`${orderId}-refund-cancel-2`]);
});

test("a refusal stands where what follows it cannot be started now", async () => {
  const down = new Error("no Step Functions");
  const { run, store, postponed } = await taskAfter(cancelled, refuse("r-1"), {
    start: () => Promise.reject(down),
  });

  expect(await run()).toEqual({ orderId });
  expect(postponed).toEqual([down]);
  const { state } = loadOrder(orderId, await store.read(orderId));
  expect(state).toEqual(stateAfter(after(cancelled, refusedBack("r-1"))));
});

test.each([
  { name: "nobody cancels", events: after(bought, part), refundId: "r-1" },
  {
    name: "the goods have left, and the cancellation has a run of its own",
    events: after(bought, part, cancel, handedOver),
    refundId: "r-1",
  },
  {
    name: "it is the cancellation's own, which needs somebody",
    events: after(cancelled, refusedBack("r-1")),
    refundId: "cancel-2",
  },
  {
    name: "what was asked for in its place has been paid",
    events: after(cancelled, refusedBack("r-1"), paidBack("cancel-2")),
    refundId: "r-1",
  },
])("nothing is started behind a refusal where $name", async ({ events, refundId }) => {
  const starter = memorySagaStarter();
  const { run } = await taskAfter(events, refuse(refundId), starter);

  expect(await run()).toEqual({ orderId });
  expect(starter.started).toEqual([]);
});

test("the run that has paid back leaves the stock alone where the goods have left", async () => {
  const task = { step: "refunded", orderId, refundId: "cancel", paymentId: "pay-1" } as const;
  const { store, run } = await taskAfter(after(bought, cancel, handedOver), task);

  await expect(run()).rejects.toMatchObject({ code: "order-not-open" });
  await expect(run()).rejects.toMatchObject({ code: "order-not-open" });
  const { state } = loadOrder(orderId, await store.read(orderId));
  expect(state).toMatchObject({ life: { refunds: [{ outcome: "refunded" }] } });
});
