// What a replay will do is settled by file, seed and rates, and is what was asked for.
import { beforeAll, expect, test } from "vitest";
import { isDeclined } from "#replay/basket";
import { expectationOf } from "#replay/expect";
import { type Catalogue, type FileOrder, readCatalogue, readOrders } from "#replay/olist";
import { type PlanOptions, type PlannedOrder, planReplay, unitsBySku } from "#replay/plan";
import { OLIST } from "../../support/olist.ts";
import { catalogueOf, deliveredOrder, fileOrder } from "../../support/replay-samples.ts";

let orders: readonly FileOrder[];
let catalogue: Catalogue;

beforeAll(async () => {
  orders = await readOrders(OLIST.orders);
  catalogue = await readCatalogue(OLIST);
});

const plan = (given: Partial<PlanOptions> = {}): readonly PlannedOrder[] =>
  planReplay({ orders, catalogue, seed: 1, duplicates: 0.2, disorder: 0.3, ...given });

const declinedOf = (planned: readonly PlannedOrder[]): number =>
  planned.filter(({ total }) => isDeclined(total)).length;

test("the same seed gives the same plan, another seed another one", () => {
  const some = orders.slice(0, 200);

  const first = plan({ orders: some });

  expect(plan({ orders: some })).toEqual(first);
  expect(plan({ orders: some, seed: 2 })).not.toEqual(first);
});

test("the rates do not change what is bought", () => {
  const some = orders.slice(0, 200);
  const linesOf = (planned: readonly PlannedOrder[]) => planned.map(({ lines }) => lines);

  const calm = plan({ orders: some, duplicates: 0, disorder: 0 });

  expect(linesOf(plan({ orders: some, duplicates: 1, disorder: 1 }))).toEqual(linesOf(calm));
});

test.each([
  { count: 1, least: 1 },
  { count: 50, least: 1 },
  { count: 51, least: 2 },
  { count: 300, least: 6 },
  { count: 8_000, least: 160 },
])(
  "of $count orders at least $least end in a total that is declined, whatever the seed",
  (given) => {
    for (const seed of [0, 1, 2, 4_294_967_295]) {
      const declined = declinedOf(plan({ orders: orders.slice(0, given.count), seed }));
      expect(declined).toBeGreaterThanOrEqual(given.least);
    }
  },
);

test("every order of the file is planned: catalogue prices, exact totals, numbered reports", () => {
  const planned = plan();

  expect(planned).toHaveLength(8_000);
  for (const { lines, total, reports } of planned) {
    const sum = lines.reduce(
      (all, one) => all + one.quantity * (one.unitPrice + one.unitFreight),
      0,
    );
    expect(total).toBe(sum);
    for (const { sku, unitPrice, unitFreight } of lines) {
      const product = catalogue.products.get(sku);
      expect([product?.price, product?.freight]).toEqual([unitPrice, unitFreight]);
    }
    expect(new Set(lines.map(({ sku }) => sku)).size).toBe(lines.length);
    expect(reports.map(({ sequence }) => sequence)).toEqual(reports.map((_, index) => index + 1));
    expect(reports.length).toBeGreaterThan(0);
  }
});

test("125 of the 8,000 orders carry a step that is stamped before an earlier one", () => {
  const calm = plan({ orders }).map((planned) =>
    expectationOf({ ...planned, total: 100 as PlannedOrder["total"] }),
  );

  expect(calm.filter(({ anomalies }) => anomalies.length > 0)).toHaveLength(125);
  expect(calm.filter(({ anomalies }) => anomalies.length === 2)).toHaveLength(3);
});

test("every report is sent, and with the rates at 0 once and in order", () => {
  const calm = plan({ duplicates: 0, disorder: 0 });

  for (const { reports, sendings, placing } of calm) {
    expect(placing).toBe("once");
    expect(sendings).toEqual(
      reports.map(({ sequence }, index) => ({ sequence, slot: index, repeat: false })),
    );
  }
});

test("with the rates at 1 everything is sent twice, no repetition before its first sending", () => {
  const wild = plan({ duplicates: 1, disorder: 1 });

  expect(wild.every(({ placing }) => placing !== "once")).toBe(true);
  for (const { reports, sendings } of wild) {
    expect(sendings).toHaveLength(2 * reports.length);
    const seen = new Set<number>();
    for (const { sequence, repeat } of sendings) {
      expect(seen.has(sequence)).toBe(repeat);
      seen.add(sequence);
    }
  }
});

test("over many orders the rates are what was asked for", () => {
  const planned = plan();
  const reports = planned.flatMap((one) => one.reports).length;
  const repeats = planned.flatMap(({ sendings }) => sendings.filter(({ repeat }) => repeat)).length;
  const twice = planned.filter(({ placing }) => placing !== "once");
  const twins = planned.filter(({ placing }) => placing === "twins").length;
  const late = planned.flatMap(({ sendings }) =>
    sendings.filter(({ slot, repeat }) => !repeat && slot > 3),
  ).length;

  expect(repeats / reports).toBeCloseTo(0.2, 1);
  expect(twice.length / planned.length).toBeCloseTo(0.2, 1);
  expect(twins / twice.length).toBeCloseTo(0.5, 1);
  expect(late / reports).toBeGreaterThan(0.2);
  expect(late / reports).toBeLessThan(0.3);
  expect(planned.filter(outOfOrder).length / planned.length).toBeGreaterThan(0.3);
});

const outOfOrder = ({ sendings }: PlannedOrder): boolean => {
  const first = sendings.filter(({ repeat }) => !repeat).map(({ sequence }) => sequence);
  return first.some((sequence, index) => sequence !== index + 1);
};

test("a total that is declined is found by further units where no basket has one", () => {
  const [planned] = plan({ orders: [deliveredOrder], catalogue: catalogueOf({ a: 1001, b: 250 }) });

  expect((planned?.total ?? 0) % 100).toBe(13);
});

test("as many units as it takes, and no more", () => {
  const [planned] = plan({ orders: [deliveredOrder], catalogue: catalogueOf({ a: 101 }) });

  expect(planned?.lines).toMatchObject([{ sku: "a", quantity: 13 }]);
});

test("a catalogue from which no such total can be made is refused with the reason", () => {
  const even = catalogueOf({ a: 1000, b: 250 });

  expect(() => plan({ orders: [deliveredOrder], catalogue: even })).toThrow(
    "no products of the catalogue add up to a total ending in 13",
  );
  expect(() => plan({ orders: [fileOrder()], catalogue: catalogueOf({}) })).toThrow(
    "there are no items to draw orders from",
  );
  expect(() => plan({ orders: [] })).toThrow("There are no orders to replay");
});

test("the units of all orders are summed by SKU", () => {
  const planned = plan({ orders: orders.slice(0, 100) });

  const units = unitsBySku(planned);

  const all = planned.flatMap(({ lines }) => lines);
  const sum = all.reduce((total, { quantity }) => total + quantity, 0);
  expect([...units.values()].reduce((total, one) => total + one, 0)).toBe(sum);
  const [one] = all;
  expect(units.get(one?.sku ?? "")).toBeGreaterThanOrEqual(one?.quantity ?? 0);
});

test("so many orders are poisoned: a paid one says a step twice, and nothing else changes", () => {
  const some = orders.slice(0, 200);
  const healthy = plan({ orders: some });

  const poisoned = plan({ orders: some, poison: 10 });

  const ill = poisoned.filter(({ poison }) => poison !== undefined);
  expect(ill).toHaveLength(10);
  for (const { poison, reports, total, source } of ill) {
    expect(isDeclined(total)).toBe(false);
    const says = reports.filter(({ type }) => type === poison?.type);
    expect(says.map(({ sequence }) => sequence)).toContain(poison?.sequence);
    expect(says).toHaveLength(2);
    expect(reports.map(({ sequence }) => sequence)).toEqual(reports.map((_, index) => index + 1));
    const well = healthy.find((one) => one.source === source);
    expect(reports.length).toBe((well?.reports.length ?? 0) + 1);
  }
  expect(poisoned.filter(({ poison }) => poison === undefined)).toEqual(
    healthy.filter((_, index) => poisoned[index]?.poison === undefined),
  );
});

test("more poison than orders that can take it is refused with how many can", () => {
  const bare = [fileOrder({ status: "created" }), fileOrder({ externalReference: "ref-2" })];
  const few = { orders: [...bare, deliveredOrder], catalogue: catalogueOf({ p1: 1 }), seed: 3 };

  const planning = () => planReplay({ ...few, duplicates: 0, disorder: 0, poison: 2 });

  expect(planning).toThrow(/Only [01] of 3 orders are paid for/);
});
