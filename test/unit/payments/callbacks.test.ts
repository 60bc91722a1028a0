// What the provider says of a payment, in any order, early, late and twice: our books follow what
// has really happened, and nothing that is said moves money.
import { expect, test } from "vitest";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { memoryRecordStore } from "#adapters/memory/record-store";
import type { PaymentReported } from "#contracts/events/payment-events";
import type { MetricName } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import { encode, type QueueRecord } from "#messaging";
import { acceptReport } from "#services/payments/accept-report";
import { hearReport } from "#services/payments/hear-report";
import type { ListedPayment } from "#services/payments/ports";
import { reconcilePayments } from "#services/payments/reconcile-payments";
import { reportConsumer } from "#services/payments/report-consumer";
import {
  landLate,
  noon,
  orderId,
  outcomeUnknown,
  pastDeadline,
  paymentWorld,
  type PaymentWorld,
} from "../../support/payment-world.ts";

test("a callback that comes before our own record makes the record, and no money", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await unanswered(world, "authorise");
  await landLate(world);

  const heard = await shop.hear(await told(world));

  expect(heard).toBe("recorded");
  expect(await world.steps.read({ orderId, step: "authorise" })).toMatchObject({
    step: { kind: "done", status: "authorised" },
  });
  expect(await world.over().authorise()).toEqual({ paymentId: "payment-1" });
  expect(world.statuses()).toEqual(["authorised"]);
});

test("a callback and the order's own capture agree on one movement of money", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  const captured = world.over().capture();
  await captured;
  const report = await told(world);

  const heard = await Promise.all([shop.hear(report), shop.hear(report), world.over().capture()]);

  expect(heard.slice(0, 2)).toEqual(["known", "known"]);
  expect((await world.steps.ofOrder(orderId)).movements).toHaveLength(1);
});

test("a capture whose answer was lost is recorded by its callback, ledger and all", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  await unanswered(world, "capture", true);

  expect(await shop.hear(await told(world))).toBe("recorded");

  expect(await world.faults()).toEqual([]);
  expect((await world.steps.ofOrder(orderId)).movements).toHaveLength(1);
  expect(world.counted).toContain("PaymentLookups");
});

test("a refund whose answer was lost is recorded by its callback", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  await world.over().capture();
  await unanswered(world, "refund", true);

  expect(await shop.hear(await told(world))).toBe("recorded");

  expect(await world.over().refund()).toEqual({ refundId: "r1", paymentId: "payment-1" });
  expect(world.refunded()).toBe(300);
  expect(await world.faults()).toEqual([]);
});

test("a callback about an order of which nothing is recorded waits", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await landLate(world);

  const early = shop.hear(await told(world));

  await expect(early).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
  expect(await world.steps.ofOrder(orderId)).toMatchObject({ steps: [], movements: [] });
});

test("what a callback claims is not believed: the provider is asked, and it is filed", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  const lie: PaymentReported = { ...(await told(world)), paymentId: "payment-9", amount: 1 };

  expect(await shop.hear(lie)).toBe("filed");
  expect(await shop.hear(lie)).toBe("filed");

  expect(shop.bus.published).toMatchObject([{ type: "payment.differs", partitionkey: orderId }]);
  expect(world.counted.filter((metric) => metric === "PaymentDifferences")).toHaveLength(1);
  expect((await world.steps.ofOrder(orderId)).movements).toEqual([]);
});

test("a charge that lands after its void was settled is filed", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await unanswered(world, "authorise");
  await world.over().void(pastDeadline);
  await landLate(world);

  expect(await shop.hear(await told(world), pastDeadline)).toBe("filed");

  expect(shop.bus.published[0]?.data).toMatchObject({
    difference: expect.stringContaining("authorised at the provider, and here") as unknown,
  });
});

test("reports are taken by rank: late and repeated ones change and cost nothing", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  const authorised = await told(world);
  await world.over().capture();
  const captured = await told(world);

  const ends = [
    await shop.deliver(captured, "wh-2"),
    await shop.deliver(authorised, "wh-1"),
    await shop.deliver(captured, "wh-2"),
  ];

  expect(ends.flatMap(({ notDurable }) => notDurable)).toEqual([]);
  expect(shop.counted).toEqual(["PaymentReportsLate"]);
  expect(world.counted).toEqual([]);
});

test("an early report comes again and is applied when the record has landed", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await landLate(world);
  const report = await told(world);

  const early = await shop.deliver(report, "wh-1");
  await world.over().authorise();
  const again = await shop.deliver(report, "wh-1");

  expect(early.notDurable).toHaveLength(1);
  expect(again.notDurable).toEqual([]);
  expect(world.statuses()).toEqual(["authorised"]);
});

test("what is no report, and what contradicts one, is buried with its cause", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  const report = await told(world);
  await shop.deliver(report, "wh-1");

  const contradiction = await shop.deliver({ ...report, amount: 5 }, "wh-2");
  const garbage = await shop.consume([{ receiptId: "r", group: "g", body: "{}" }]);

  expect([contradiction, garbage].flatMap(({ notDurable }) => notDurable)).toEqual([]);
  expect(shop.dead.buried.map(({ cause }) => cause)).toEqual([
    expect.stringContaining("payment-1"),
    "it is no report of a payment",
  ]);
});

test("a webhook's id fits SQS, and a repetition reaches the consumer", async () => {
  const world = paymentWorld();
  const sender = memoryFifoSender();
  await world.over().authorise();
  const report = await told(world);

  await acceptReport({ sender }, { webhookId: "wh-1", report, requestId: "a" });
  await acceptReport({ sender }, { webhookId: "wh-1", report, requestId: "b" });

  expect(sender.accepted).toMatchObject([
    { group: "payment-1", deduplicationId: "wh-1#a", envelope: { id: "wh-1", sequence: 1 } },
    { group: "payment-1", deduplicationId: "wh-1#b" },
  ]);
  for (const webhookId of ["", "a b", "x".repeat(65)]) {
    await expect(
      acceptReport({ sender }, { webhookId, report, requestId: "a" }),
    ).rejects.toMatchObject({ code: "invalid-request" });
  }
});

test("the daily comparison records what landed unseen and finds everything else right", async () => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await world.over().authorise();
  await unanswered(world, "capture", true);

  const first = await shop.reconcile();
  const second = await shop.reconcile();

  expect(first).toEqual({ payments: 1, orders: 1, underWay: 0, different: 0 });
  expect(second).toEqual(first);
  expect(await world.faults()).toEqual([]);
  expect(shop.bus.published).toEqual([]);
});

test.for<[string, (world: PaymentWorld) => Promise<unknown>, RegExp]>([
  ["a late charge", lateCharge, /authorised at the provider, and here it has been undone/],
  ["a charge nobody asked for", landLate, /authorised at the provider, and here nobody has asked/],
  ["a capture behind our back", strangeCapture, /captured at the provider, and here recorded as/],
  ["a refund behind our back", strangeRefund, /50 of payment .* are paid back at the provider/],
  ["a capture the provider forgot", forgottenCapture, /not known to the provider/],
])("the daily comparison files %s, once", async ([, prepare, difference]) => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await prepare(world);

  const first = await shop.reconcile(pastDeadline);
  await shop.reconcile(pastDeadline);

  expect(first.different).toBeGreaterThan(0);
  expect(shop.bus.published.map(({ data }) => data["difference"])).toEqual([
    expect.stringMatching(difference),
  ]);
  expect(world.counted.filter((metric) => metric === "PaymentDifferences")).toHaveLength(1);
});

test("a run is bounded, and the next one goes on where it ended", async () => {
  const world = paymentWorld();
  const listed: (string | undefined)[] = [];
  const pages = ["1", "2", undefined];
  const list = async (cursor?: string) => {
    listed.push(cursor);
    const next = pages[Number(cursor ?? "0")];
    return { payments: [], ...(next === undefined ? {} : { next }) };
  };
  const shop = shopOver(world, list);

  for (let run = 0; run < 4; run += 1) await shop.reconcile(noon, 1);

  expect(listed).toEqual([undefined, "1", "2", undefined]);
});

type List = (cursor?: string) => Promise<{
  readonly payments: readonly ListedPayment[];
  readonly next?: string;
}>;

function shopOver(world: PaymentWorld, list: List = (cursor) => world.provider.list(cursor)) {
  const bus = memoryEventBus();
  const dead = memoryDeadLetters();
  const counted: MetricName[] = [];
  const cursors = memoryRecordStore(undefined, "cursors");
  const ports = {
    provider: world.provider,
    steps: world.steps,
    books: world.steps,
    filed: memoryRecordStore(undefined, "filed"),
    bus,
    count: (metric: MetricName) => void world.counted.push(metric),
  };
  const hear = (report: PaymentReported, now: EpochMs = noon) => hearReport(ports, report, now);
  const consumer = reportConsumer({
    store: memoryIdempotencyStore(),
    deadLetters: dead,
    count: (metric) => void counted.push(metric),
    warn: () => undefined,
    hear: (report) => hear(report),
  });
  const consume = (records: readonly QueueRecord[]) =>
    consumer(records, { remainingMs: () => 10_000, near: () => () => undefined });
  let changes = 0;
  return {
    bus,
    dead,
    counted,
    hear,
    consume,
    /** As the queue hands over what the webhook has put into it. */
    async deliver(report: PaymentReported, webhookId: string) {
      const sender = memoryFifoSender();
      await acceptReport({ sender }, { webhookId, report, requestId: "r" });
      const records = sender.accepted.map(({ envelope, group }) => ({
        receiptId: webhookId,
        group,
        body: encode(envelope),
      }));
      return await consume(records);
    },
    reconcile: (now: EpochMs = noon, pagesMax = 10) =>
      reconcilePayments(
        {
          ...ports,
          list: { list },
          cursors,
          newId: () => {
            changes += 1;
            return String(changes);
          },
        },
        { pagesMax },
        now,
      ),
  };
}

/** What the provider would say now of the order's payment. */
async function told({ provider }: PaymentWorld): Promise<PaymentReported> {
  const [payment] = provider.paymentsOf(orderId);
  if (payment === undefined) throw new Error("the provider has no payment of the order");
  return { ...payment, orderId };
}

/** The step's request is sent and never answered; `lands`: it is carried out all the same. */
async function unanswered(
  world: PaymentWorld,
  step: "authorise" | "capture" | "refund",
  lands = false,
): Promise<void> {
  const { provider } = world;
  const silent = {
    ...provider,
    lookup: () => Promise.reject(outcomeUnknown()),
    [step]: async (...asked: readonly never[]) => {
      if (lands)
        await (provider[step] as (...given: readonly never[]) => Promise<unknown>)(...asked);
      throw outcomeUnknown();
    },
  };
  await world
    .overPorts({ provider: silent })
    [step]()
    .catch(() => undefined);
}

async function lateCharge(world: PaymentWorld): Promise<void> {
  await unanswered(world, "authorise");
  await world.over().void(pastDeadline);
  await landLate(world);
}

async function strangeCapture(world: PaymentWorld): Promise<void> {
  const { paymentId } = await world.over().authorise();
  await world.provider.capture(paymentId, "by-hand");
}

async function strangeRefund(world: PaymentWorld): Promise<void> {
  const { paymentId } = await world.over().authorise();
  await world.over().capture();
  await world.provider.refund({ paymentId, amount: 50, key: "by-hand" });
}

async function forgottenCapture(world: PaymentWorld): Promise<void> {
  const step = { paymentId: "gone", status: "authorised", amount: 1000, currency: "BRL" } as const;
  await world.steps.write({ orderId, step: "authorise" }, { kind: "done", ...step }, 0);
}
