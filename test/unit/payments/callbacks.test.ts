// What the provider says of a payment, in any order, early, late and twice: our books follow what
// has really happened, and nothing that is said moves money.
import { expect, test } from "vitest";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import type { PaymentReported } from "#contracts/events/payment-events";
import { acceptReport } from "#services/payments/accept-report";
import { shopOver, told, unanswered } from "../../support/callback-world.ts";
import { landLate, orderId, pastDeadline, paymentWorld } from "../../support/payment-world.ts";

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

test("what the provider captured by itself is captured: taken once, and not lost", async () => {
  const world = paymentWorld();
  const { paymentId } = await world.over().authorise();
  await world.provider.capture(paymentId, "the provider's own");

  expect(await world.over().capture()).toEqual({ paymentId });
  expect(await world.over().capture()).toEqual({ paymentId });

  expect(world.statuses()).toEqual(["captured"]);
  expect(await world.faults()).toEqual([]);
});

test("a capture that is refused for another reason stays refused", async () => {
  const world = paymentWorld();
  const { paymentId } = await world.over().authorise();
  await world.provider.void(paymentId, "the provider's own");

  await expect(world.over().capture()).rejects.toMatchObject({ action: "reject" });
  expect(world.statuses()).toEqual(["voided"]);
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

  const difference = expect.stringContaining("authorised at the provider, and here") as unknown;
  expect(shop.bus.published[0]).toMatchObject({ data: { difference } });
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
