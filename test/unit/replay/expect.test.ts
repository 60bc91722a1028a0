// How an order must end, by the file alone.
import { expect, test } from "vitest";
import type { MinorUnits } from "#kernel/units";
import { anomaliesOf, expectationOf } from "#replay/expect";
import { reportsOf } from "#replay/fulfilment";
import type { PlannedOrder } from "#replay/plan";
import {
  day,
  deliveredOrder,
  fileOrder,
  line,
  plannedOrder,
} from "../../support/replay-samples.ts";

test("an order ends with the file's status and times", () => {
  expect(expectationOf(plannedOrder())).toMatchObject({
    status: "delivered",
    approvedAt: day(2),
    handedToCarrierAt: day(3),
    deliveredAt: day(4),
    declined: false,
    anomalies: [],
  });
});

test("an order whose total ends in 13 is rejected: no times, no anomalies, no reports", () => {
  const early = fileOrder({ approvedAt: day(1, 9) });
  const planned = plannedOrder(early, [
    line({ quantity: 1, unitPrice: 1213 as MinorUnits, unitFreight: 0 as MinorUnits }),
  ]);

  expect(expectationOf(planned)).toEqual({
    externalReference: "ref-1",
    placedAt: day(1),
    status: "rejected",
    declined: true,
    lines: planned.lines,
    total: 1213,
    anomalies: [],
    reports: [],
    lastSequence: 0,
  });
});

test.each([
  { name: "in order", order: deliveredOrder, anomalies: [] },
  {
    name: "equal times are in order",
    order: { ...deliveredOrder, approvedAt: day(1) },
    anomalies: [],
  },
  {
    name: "before the purchase",
    order: { ...deliveredOrder, approvedAt: day(1, 9) },
    anomalies: [1],
  },
  {
    name: "before the step before",
    order: { ...deliveredOrder, handedToCarrierAt: day(2, 9) },
    anomalies: [2],
  },
  {
    name: "two steps before a late one",
    order: { ...deliveredOrder, approvedAt: day(9) },
    anomalies: [2, 3],
  },
  {
    name: "later than the step before, but not than the one before that",
    order: { ...deliveredOrder, approvedAt: day(9), deliveredAt: day(8) },
    anomalies: [2, 3],
  },
  {
    name: "a missing step has no number",
    order: fileOrder({ handedToCarrierAt: day(5), deliveredAt: day(4) }),
    anomalies: [2],
  },
])("anomalies: $name", ({ order, anomalies }) => {
  expect(anomaliesOf(order)).toEqual(anomalies);
});

test.each([
  { status: "delivered", last: "delivered", final: false },
  { status: "canceled", last: "delivered", final: true },
  { status: "shipped", last: "handed", final: false },
  { status: "delivered", last: "handed", final: true },
  { status: "approved", last: "approved", final: false },
  { status: "invoiced", last: "approved", final: true },
  { status: "created", last: "none", final: true },
  { status: "approved", last: "none", final: true },
] as const)(
  "status $status after $last: final status reported: $final",
  ({ status, last, final }) => {
    const order = fileOrder({
      status,
      ...(last !== "none" && { approvedAt: day(2) }),
      ...((last === "handed" || last === "delivered") && { handedToCarrierAt: day(3) }),
      ...(last === "delivered" && { deliveredAt: day(4) }),
    });

    const reports = reportsOf(order);

    const number = reports.length;
    expect(reports.map(({ sequence }) => sequence)).toEqual(reports.map((_, index) => index + 1));
    expect(reports.filter(({ type }) => type === "final-status")).toEqual(
      final ? [{ sequence: number, type: "final-status", status }] : [],
    );
  },
);

const said = reportsOf(deliveredOrder);
/** Approved, handed over, handed over once more, delivered. */
const poisoned: PlannedOrder = {
  ...plannedOrder(deliveredOrder),
  poison: { sequence: 3, type: "handed-to-carrier" },
  reports: [
    ...said.slice(0, 2),
    { sequence: 3, type: "handed-to-carrier", occurredAt: day(3) },
    { sequence: 4, type: "delivered", occurredAt: day(4) },
  ],
};

test("a poisoned order stands halted before what can never be applied", () => {
  const { deliveredAt, ...expected } = expectationOf(poisoned);

  expect(deliveredAt).toBeUndefined();
  expect(expected).toMatchObject({
    status: "shipped",
    approvedAt: day(2),
    handedToCarrierAt: day(3),
    reports: said.slice(0, 2),
    lastSequence: 2,
    halted: { sequence: 3, parked: 2 },
  });
});

test("a resolved one ends as the file says, with or without a replacement", () => {
  const [skipped, replaced] = [expectationOf(poisoned, "skip"), expectationOf(poisoned, "replace")];

  for (const expected of [skipped, replaced]) {
    expect(expected).toMatchObject({ status: "delivered", deliveredAt: day(4), lastSequence: 4 });
    expect(expected.halted).toBeUndefined();
  }
  expect(skipped.reports.map(({ sequence }) => sequence)).toEqual([1, 2, 4]);
  expect(replaced.reports[2]).toEqual({ sequence: 3, type: "final-status", status: "shipped" });
});

test("an anomaly behind the poison has the number that the sender gave it", () => {
  const late = { ...deliveredOrder, deliveredAt: day(1, 9) };
  const planned = { ...poisoned, source: late };

  expect(expectationOf(planned).anomalies).toEqual([]);
  expect(expectationOf(planned, "skip").anomalies).toEqual([4]);
});
