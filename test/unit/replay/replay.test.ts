// A whole replay over HTTP against a shop of one process: right through every fault, and wrong
// where the shop is.
import { beforeAll, expect, test } from "vitest";
import { METRICS, type MetricName } from "#contracts/metrics";
import type { OrderView } from "#contracts/http/orders";
import { replayReport } from "#contracts/report";
import { seededRng } from "#kernel/rng";
import { accessToken } from "#replay/access-token";
import { httpClient } from "#replay/client";
import { type Catalogue, type FileOrder, readCatalogue, readOrders } from "#replay/olist";
import { planReplay, unitsBySku } from "#replay/plan";
import { replacementOf, type Resolution } from "#replay/poison";
import { replay, type ReplayProps, type ReplaySettings } from "#replay/replay";
import { buildReport } from "#replay/report";
import { shopApi } from "#replay/shop-api";
import { reportTable } from "#replay/table";
import {
  type Fault,
  type ImitationProps,
  type ImitationShop,
  imitationShop,
} from "../../support/imitation-shop.ts";
import { IMITATION_SECRET } from "../../support/imitation-orders.ts";
import { OLIST } from "../../support/olist.ts";
import { steppingClock } from "../../support/stepping-clock.ts";

let orders: readonly FileOrder[];
let catalogue: Catalogue;

beforeAll(async () => {
  orders = (await readOrders(OLIST.orders)).slice(0, 40);
  catalogue = await readCatalogue(OLIST);
});

const settings: ReplaySettings = {
  ordersAtOnce: 16,
  sagasAtOnce: 8,
  sagasAtFirst: 8,
  sendingsAtOnce: 4,
  wait: { firstMs: 10, factor: 2, capMs: 100, limitMs: 3_600_000 },
  quiet: { everyMs: 10, readings: 2, readingsUnaccounted: 3, limitMs: 1_000 },
};

const metricOf = ({ counts }: ImitationShop, metric: MetricName): number => {
  const known: Readonly<Partial<Record<MetricName, number>>> = {
    [METRICS.ordersPlaced]: counts.placed,
    [METRICS.ordersRepeated]: counts.repeated,
    [METRICS.messagesSent]: counts.sent,
    [METRICS.messagesApplied]: counts.applied,
    [METRICS.duplicatesDropped]: counts.duplicates,
    [METRICS.heldReleased]: counts.released,
  };
  return known[metric] ?? 0;
};

async function run(
  given: Partial<ImitationProps> & {
    readonly duplicates?: number;
    readonly disorder?: number;
    readonly patienceMs?: number;
    readonly poison?: number;
    readonly resolution?: Resolution;
  },
) {
  await using shop = await imitationShop({ catalogue, onHand: 1_000, ...given });
  // All orders sleep by one clock, so its hour is not the hour of one of them.
  const { duplicates = 0.4, disorder = 0.5, patienceMs = 3_600_000, poison = 0 } = given;
  const plan = planReplay({ orders, catalogue, seed: 3, duplicates, disorder, poison });
  const clock = steppingClock();
  let ticks = 0;
  const stopwatch = () => (ticks += 1);
  const client = httpClient({ baseUrl: shop.url, clock, stopwatch, rng: seededRng(9) });
  const credentials = { clientId: "replay", clientSecret: "secret", scopes: [] };
  const token = accessToken({ client, clock, ...credentials });
  const answers = await replay({
    api: shopApi({ client, clock, token, webhookSecret: IMITATION_SECRET }),
    clock,
    metrics: async (queries) => queries.map(({ metric }) => metricOf(shop, metric)),
    sagaTransitions: async () => 5,
    ...(given.resolution !== undefined && { resolve: resolving(shop, given.resolution) }),
    plan,
    salt: "salt",
    settings: { ...settings, wait: { ...settings.wait, limitMs: patienceMs } },
    phase: () => () => undefined,
  });
  const rates = { seed: 3, duplicates, disorder, poison };
  const resolve = given.resolution === undefined ? {} : { resolve: given.resolution };
  const options = { orders: plan.length, ...rates, ...resolve, endpoint: shop.url };
  const { latencies } = client;
  const books = shop.books(answers.runs.map(({ orderId }) => orderId));
  const tour = { walks: [], orders: [] };
  const report = buildReport({ plan, answers, tour, books, options, phases: [], latencies });
  return { report, plan, counts: shop.counts, keys: shop.keys };
}

const resolving =
  (shop: ImitationShop, resolution: Resolution): NonNullable<ReplayProps["resolve"]> =>
  async (orderId, poison) => {
    const instead = resolution === "replace" ? { ...replacementOf(poison), orderId } : undefined;
    shop.resolve(orderId, instead);
  };

/** One request in five, drawn: a regular pattern would meet the same request again and again. */
const nowAndThen = (fault: Fault) => {
  const rng = seededRng(11);
  return (): Fault | undefined => (rng.int(5) === 0 ? fault : undefined);
};

test("a shop that is right is found right, and its report keeps the contract", async () => {
  const { report, plan, counts } = await run({});

  expect(replayReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(report.orders.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(report.totals).toMatchObject({
    orders: 40,
    wrongOrders: 0,
    oversoldUnits: 0,
    halted: 0,
    messagesSent: counts.sent,
    messagesApplied: counts.applied,
    duplicatesDropped: counts.sent - counts.applied,
  });
  expect(report.totals.declined).toBeGreaterThanOrEqual(1);
  expect(report.totals.duplicatesDropped).toBeGreaterThan(0);
  expect(report.totals.heldAndReleased).toBeGreaterThan(0);
  expect(counts.placed).toBe(40);
  expect(counts.repeated).toBe(plan.filter(({ placing }) => placing !== "once").length);
  expect(report.messageToApplied).toMatchObject({ direct: { p50: 5 }, held: { p99: 50 } });
  expect(report.orders.map(({ externalReference }) => externalReference)).toEqual(
    orders.map(({ externalReference }) => externalReference),
  );
});

test("reports that can never be applied halt their orders, which is right", async () => {
  const { report, plan } = await run({ poison: 5 });

  const poisoned = plan.flatMap(({ poison }, index) => (poison === undefined ? [] : [index]));
  expect(poisoned).toHaveLength(5);
  expect(report.orders.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(report.totals).toMatchObject({ halted: 5, resolved: 0, wrongOrders: 0 });
  expect(reportTable(report)).toMatch(/halted streams +5/);
});

test.each<Resolution>(["skip", "replace"])(
  "after %s everything behind the poison is applied and the orders end as the file says",
  async (resolution) => {
    const { report } = await run({ poison: 5, resolution });

    expect(report.orders.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(report.orders.map(({ status, declined }) => (declined ? "declined" : status))).toEqual(
      orders.map(({ status }, index) => (report.orders[index]?.declined ? "declined" : status)),
    );
    expect(report.totals).toMatchObject({ halted: 0, resolved: 5, wrongOrders: 0 });
    expect(reportTable(report)).toMatch(/resolved streams +5/);
  },
);

test("an order that halts without poison, and a poisoned one that goes on, are wrong", async () => {
  const running = await run({
    poison: 2,
    view: (view) => ({
      ...view,
      fulfilment: { ...view.fulfilment, status: "running", lastSequence: 99 },
    }),
  });
  const halted = await run({
    view: (view) => ({ ...view, fulfilment: { ...view.fulfilment, status: "halted" } }),
  });

  expect(running.report.totals.wrongOrders).toBe(40);
  expect(halted.report.totals.wrongOrders).toBe(40);
});

const calm = () => run({ duplicates: 0, disorder: 0 });

test("with disorder and duplicates at 0 every report comes once and in order", async () => {
  const { report } = await calm();

  expect(report.totals).toMatchObject({
    wrongOrders: 0,
    duplicatesDropped: 0,
    heldAndReleased: 0,
  });
});

test.each<{ name: string; fault: Fault }>([
  { name: "answers 503", fault: "unavailable" },
  { name: "answers 429", fault: "throttled" },
  { name: "serves and loses the answer", fault: "lost" },
])("a shop that now and then $name ends as right, one order for each key", async ({ fault }) => {
  const { report, counts, keys } = await run({ fault: nowAndThen(fault) });

  expect(report.totals).toMatchObject({ wrongOrders: 0, oversoldUnits: 0 });
  expect(counts.placed).toBe(40);
  expect(new Set(keys.values())).toEqual(new Set((await calm()).keys.values()));
});

test("a shop that sold what it does not have is told so", async () => {
  const { report, plan } = await run({ onHand: 1 });
  const live = plan.filter(({ total }) => total % 100 !== 13);
  const beyond = [...unitsBySku(live).values()].reduce((sum, units) => sum + units - 1, 0);

  expect(report.totals.oversoldUnits).toBe(beyond);
  expect(beyond).toBeGreaterThan(0);
});

test("an order that a shop ends wrongly is found, and nothing else", async () => {
  const lost = (view: OrderView): OrderView =>
    view.externalReference === orders[5]?.externalReference
      ? { ...view, deliveredAt: "2020-01-01T00:00:00.000Z" }
      : view;

  const { report } = await run({ view: lost });

  expect(report.totals.wrongOrders).toBe(1);
  expect(report.orders[5]?.wrong).toHaveLength(1);
  expect(reportTable(report)).toContain("WRONG: 1 of 40 orders");
  expect(reportTable(report)).toContain(orders[5]?.externalReference);
});

test("orders whose saga never ends stop the replay, and are named", async () => {
  const endless = (view: OrderView): OrderView => ({ ...view, status: "placed" });

  await expect(run({ view: endless, patienceMs: 2_000 })).rejects.toThrow(
    /^The replay was stopped:(\n  order \w+ \(\w+\) is stuck: after 2 s its saga .*){8}$/,
  );
});

test("a halted order is waited for no longer, and is wrong", async () => {
  const halted = (view: OrderView): OrderView =>
    view.externalReference === orders[5]?.externalReference
      ? { ...view, fulfilment: { ...view.fulfilment, status: "halted", lastSequence: 0 } }
      : view;

  const { report } = await run({ view: halted });

  expect(report.totals).toMatchObject({ halted: 1, wrongOrders: 1 });
});

test("the table fits a terminal of 100 columns", async () => {
  const { report } = await run({});
  const wrong = report.orders.map((order) => ({ ...order, wrong: ["x".repeat(300)] }));

  const tables = [reportTable(report), reportTable({ ...report, orders: wrong })];

  for (const line of tables.flatMap((table) => table.split("\n"))) {
    expect(line.length).toBeLessThanOrEqual(100);
  }
});
