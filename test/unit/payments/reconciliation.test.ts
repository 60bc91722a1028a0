// The daily comparison of the provider's payments with our books.
import { expect, test } from "vitest";
import { shopOver, unanswered } from "../../support/callback-world.ts";
import {
  landLate,
  noon,
  orderId,
  pastDeadline,
  paymentWorld,
  type PaymentWorld,
} from "../../support/payment-world.ts";

test("the daily comparison records what landed unseen and finds all else right", async () => {
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
