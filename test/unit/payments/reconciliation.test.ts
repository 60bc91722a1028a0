// The comparison of the provider's payments with our books.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { shopOver, unanswered } from "../../support/callback-world.ts";
import {
  landLate,
  noon,
  orderId,
  outcomeUnknown,
  pastDeadline,
  paymentWorld,
  type PaymentWorld,
} from "../../support/payment-world.ts";

test("the comparison records what landed unseen and finds all else right", async () => {
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
])("the comparison files %s, once", async ([, prepare, difference]) => {
  const world = paymentWorld();
  const shop = shopOver(world);
  await prepare(world);

  const first = await shop.reconcile(pastDeadline);
  await shop.reconcile(pastDeadline);

  expect(first.different).toBeGreaterThan(0);
  expect(shop.bus.published).toMatchObject([
    { data: { difference: expect.stringMatching(difference) as unknown } },
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

test("a run that is stopped at any moment has kept the pages before", async () => {
  const world = await worldOfOrders(9);
  const shop = shopOver(world);
  const asked: string[] = [];
  const list = { list: () => Promise.resolve({ payments: [] }) };
  // Time for four look-ups, then Lambda would stop the function.
  const slow = () => {
    let left = 4;
    const provider = lookingUp(world, (orderId) => {
      asked.push(orderId);
      left -= 1;
    });
    return shop.reconcile(noon, 10, () => (left > 0 ? 600_000 : 20_000), { provider, list });
  };

  for (let run = 0; run < 5; run += 1) await slow();

  expect(new Set(asked)).toEqual(new Set(orderIds(9)));
});

test("a page that there was no time for is not passed over", async () => {
  const world = await worldOfOrders(12);
  const listed: (string | undefined)[] = [];
  let left = 9;
  const payments = orderIds(12).flatMap((id) =>
    world.provider.paymentsOf(id).map((payment) => ({ ...payment, refunded: 1, orderId: id })),
  );
  const list = async (cursor?: string) => {
    listed.push(cursor);
    return cursor === undefined ? { payments: [], next: "2" } : { payments, next: "3" };
  };
  const provider = lookingUp(world, () => {
    left -= 1;
  });
  const shop = shopOver(world, list);

  await shop.reconcile(noon, 2, () => (left > 0 ? 600_000 : 0), { provider });
  left = 100;
  const again = await shop.reconcile(noon, 1, undefined, { provider });

  expect(listed).toEqual([undefined, "2", "2"]);
  expect(again).toMatchObject({ payments: 12, different: 0 });
});

test("an order that cannot be compared keeps no other from it, and the run fails", async () => {
  const world = await worldOfOrders(7);
  const shop = shopOver(world);
  const [first = "", ...others] = orderIds(7);
  const asked: string[] = [];
  const provider = lookingUp(world, (orderId) => {
    if (orderId === first) throw outcomeUnknown();
    asked.push(orderId);
  });
  const unreadable = others[3] ?? "";
  const books = {
    ...world.steps,
    ofOrder: async (orderId: string) => {
      if (orderId === unreadable) throw new Error(`The step of ${orderId} cannot be read.`);
      return await world.steps.ofOrder(orderId);
    },
    page: () => Promise.reject(new Error("a page with that step cannot be read")),
  };

  const run = () => shop.reconcile(noon, 10, undefined, { provider, books });

  await expect(run()).rejects.toThrow(new RegExp(`^3 of .* Order ${first}|Order ${unreadable}`));
  expect(new Set(asked)).toEqual(new Set(others.filter((one) => one !== unreadable)));
  asked.length = 0;
  await expect(run()).rejects.toThrow("not compared");
  expect(asked.length).toBeGreaterThan(0);
});

test("what passes is looked at a second time, when the others are through", async () => {
  const world = await worldOfOrders(7);
  const shop = shopOver(world);
  const refused = new Set(orderIds(7).slice(0, 3));
  const provider = lookingUp(world, (orderId) => {
    if (refused.delete(orderId)) throw outcomeUnknown();
  });

  const compared = await shop.reconcile(noon, 10, undefined, { provider });

  expect(compared).toMatchObject({ orders: 7, different: 0 });
  expect(refused).toEqual(new Set());
});

test("a page that the provider does not give ends its side alone", async () => {
  const world = await worldOfOrders(4);
  const shop = shopOver(world, () => Promise.reject(outcomeUnknown()));
  const asked: string[] = [];
  const provider = lookingUp(world, (orderId) => void asked.push(orderId));

  const run = shop.reconcile(noon, 10, undefined, { provider });

  await expect(run).rejects.toThrow(/^1 of .*no answer in time$/);
  expect(new Set(asked)).toEqual(new Set(orderIds(4)));
});

test("a place that the provider refuses is given up for the beginning", async () => {
  const listed: (string | undefined)[] = [];
  const shop = shopOver(paymentWorld(), async (cursor) => {
    listed.push(cursor);
    if (cursor === "expired") throw new Failure("provider-refused", "reject", "an old cursor");
    return { payments: [], next: "expired" };
  });

  await expect(shop.reconcile()).rejects.toThrow("an old cursor");
  await expect(shop.reconcile()).rejects.toThrow("an old cursor");

  expect(listed).toEqual([undefined, "expired", undefined, "expired"]);
});

const orderIds = (count: number): string[] => Array.from({ length: count }, (_, at) => `o${at}`);

/** Each authorised, and recorded so. */
async function worldOfOrders(count: number): Promise<PaymentWorld> {
  const world = paymentWorld();
  for (const id of orderIds(count)) {
    const request = { key: `${id}:authorise`, orderId: id, amount: 1000, currency: "BRL" };
    const { refunded: _, ...payment } = await world.provider.authorise(request);
    await world.steps.write({ orderId: id, step: "authorise" }, { kind: "done", ...payment }, 0);
  }
  return world;
}

const lookingUp = ({ provider }: PaymentWorld, before: (orderId: string) => void) => ({
  ...provider,
  lookup: async (key: string) => {
    before(key.replace(":authorise", ""));
    return await provider.lookup(key);
  },
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
