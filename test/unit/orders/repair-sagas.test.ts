// An operator's word about a saga that stands still: believed where the records say the same, and
// there is a way out of every state that they can be in.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryReviewTokens } from "#adapters/memory/review-tokens";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import type { OrderEvent } from "#services/orders/domain/events";
import type { StatedOutcome } from "#services/orders/domain/saga-course";
import type { StepRecords } from "#services/orders/ports";
import { commitOf, loadOrder, readOrder } from "#services/orders/usecases/order-stream";
import { resolveSaga } from "#services/orders/usecases/repair-sagas";
import { facts, now, orderId, placed } from "../../support/order-samples.ts";

type Records = Awaited<ReturnType<StepRecords["read"]>>;

const by = { author: "ops-ann", reason: "looked it up" };
const failed: OrderEvent = {
  type: "order.needs-attention",
  data: { run: 0, kind: "failed", cause: "Void: Refused" },
};
const cancelAsked: OrderEvent = {
  type: "order.cancel-requested",
  data: { author: "client-ann", reason: "too late" },
};
const confirm: StatedOutcome = { outcome: "confirmed", paymentId: "pay-1" };
const cancel: StatedOutcome = { outcome: "cancelled", paymentId: "pay-1" };
const reject: StatedOutcome = {
  outcome: "rejected",
  rejection: { reason: "payment-failed", detail: "sorry" },
};
const captured = { status: "captured", paymentId: "pay-1" } as const;
/** The provider has captured by itself, and the hold's day is over. */
const expired: Records = { payment: captured, stock: "released" };

async function resolving(
  records: Records,
  stated: StatedOutcome,
  ...events: readonly OrderEvent[]
) {
  const store = memoryEventStore();
  const starter = memorySagaStarter();
  for (const event of events) {
    const order = loadOrder(orderId, await store.read(orderId));
    await store.append(commitOf(order, [event], { now }));
  }
  const ports = {
    store,
    starter,
    tokens: memoryReviewTokens(),
    callbacks: { wake: async () => "gone" as const },
    records: { read: async () => records },
    tell: () => undefined,
    tellWoken: () => undefined,
    tellPostponed: () => undefined,
  };
  const resolve = () => resolveSaga(ports, { orderId, stated, ...by }, { now });
  const seen = await resolve().catch((error: unknown) => error);
  const again = await resolve().catch((error: unknown) => error);
  const stored = await store.read(orderId);
  return {
    seen,
    again,
    state: (await readOrder(store, orderId)).state,
    types: stored.flatMap((commit) => commit.events.map(({ type }) => type)).slice(events.length),
    started: starter.started,
  };
}

const paidBack = { refundId: "cancel", amount: facts.total, cause: "cancel", outcome: "pending" };

test("an order that is to be cancelled is confirmed without stock: it is paid back", async () => {
  const end = await resolving(expired, confirm, placed, cancelAsked, failed);

  expect(end.types).toEqual(["order.repaired", "order.confirmed", "order.refund-requested"]);
  expect(end.state).toMatchObject({ phase: "confirmed", life: { refunds: [paidBack] } });
  expect(end.started).toEqual([`${orderId}-refund-cancel`]);
  expect(end.again).toEqual(end.seen);
});

test("an order that nobody cancelled is not sent without stock", async () => {
  const { seen, types } = await resolving(expired, confirm, placed, failed);

  expect(seen).toMatchObject({ code: "records-disagree", action: "reject" });
  expect((seen as Error).message).toContain("cancelled");
  expect(types).toEqual([]);
});

test.each([{ stock: "released" }, { stock: "held" }, { stock: "none" }] as const)(
  "an operator cancels it where the money is taken and the stock $stock, once",
  async ({ stock }) => {
    const end = await resolving({ payment: captured, stock }, cancel, placed, failed);

    expect(end.types).toEqual([
      "order.repaired",
      "order.cancel-requested",
      "order.confirmed",
      "order.refund-requested",
    ]);
    expect(end.state).toMatchObject({
      life: { refunds: [paidBack], cancel: { author: by.author }, attention: [] },
    });
    expect(end.started).toEqual([`${orderId}-refund-cancel`]);
    expect(end.again).toEqual(end.seen);
  },
);

test("a cancellation that stands keeps its author", async () => {
  const end = await resolving(expired, cancel, placed, cancelAsked, failed);

  expect(end.types).not.toContain("order.cancel-requested");
  expect(end.state).toMatchObject({ life: { cancel: cancelAsked.data, refunds: [paidBack] } });
});

test.each([
  { name: "another payment", stated: { ...cancel, paymentId: "pay-2" }, records: expired },
  { name: "no payment", stated: cancel, records: { payment: { status: "undone" }, stock: "held" } },
  {
    name: "a payment in doubt",
    stated: confirm,
    records: { ...expired, payment: { status: "unknown" } },
  },
  { name: "a captured payment", stated: reject, records: expired },
  { name: "held stock", stated: reject, records: { payment: { status: "none" }, stock: "held" } },
] as const)("$name is not what was stated, and nothing is written", async ({ stated, records }) => {
  const { seen, types } = await resolving(records, stated, placed, failed);

  expect(seen).toMatchObject({ code: "records-disagree" });
  expect(types).toEqual([]);
});

test("nobody resolves an order that was never placed", async () => {
  expect((await resolving(expired, confirm)).seen).toMatchObject({ code: "not-found" });
});
