// Every way in which an answer may be wrong is seen, and a right one is not called wrong.
import { expect, test } from "vitest";
import type { OrderTimeline, OrderView } from "#contracts/http/orders";
import type { MinorUnits } from "#kernel/units";
import { expectationOf } from "#replay/expect";
import { judge, type OrderAnswers } from "#replay/judge";
import {
  day,
  deliveredOrder,
  fileOrder,
  line,
  plannedOrder,
  rightAnswers,
} from "../../support/replay-samples.ts";

const anomalous = plannedOrder({ ...deliveredOrder, handedToCarrierAt: day(1, 9) });
const declined = plannedOrder(deliveredOrder, [
  line({ quantity: 1, unitPrice: 1213 as MinorUnits, unitFreight: 0 as MinorUnits }),
]);
const canceled = plannedOrder(fileOrder({ status: "canceled" }));

test.each([
  { name: "delivered", planned: plannedOrder() },
  { name: "anomalous", planned: anomalous },
  { name: "declined", planned: declined },
  { name: "canceled", planned: canceled },
])("right answers about a $name order are not called wrong", ({ planned }) => {
  expect(judge(expectationOf(planned), rightAnswers(planned))).toEqual([]);
});

type Change = (answers: OrderAnswers) => OrderAnswers;

const order =
  (changes: Partial<OrderView>): Change =>
  (answers) => ({ ...answers, order: { ...answers.order, ...changes } });
const fulfilment =
  (changes: Partial<OrderView["fulfilment"]>): Change =>
  (answers) => ({
    ...answers,
    order: { ...answers.order, fulfilment: { ...answers.order.fulfilment, ...changes } },
  });
type Events = OrderTimeline["events"];
const events =
  (change: (events: Events) => Events): Change =>
  (answers) => ({
    ...answers,
    timeline: { ...answers.timeline, events: change(answers.timeline.events) },
  });
const data = (index: number, changes: Readonly<Record<string, unknown>>): Change =>
  events((all) =>
    all.map((event, at) =>
      at === index ? { ...event, data: { ...event.data, ...changes } } : event,
    ),
  );
const violation = (kind: string, sequence: number) => ({
  kind,
  severity: "warning",
  sequence,
  expected: "",
  actual: "",
  at: "2018-01-30T10:00:00.000Z",
});

const without =
  (name: "approvedAt"): Change =>
  (answers) => {
    const { [name]: _left, ...rest } = answers.order;
    return { ...answers, order: rest };
  };

test.each<{ name: string; change: Change; says: string }>([
  {
    name: "two orders for one key",
    change: (answers) => ({ ...answers, placedIds: new Set(["a", "b"]) }),
    says: "orders for one key: expected 1, answered 2",
  },
  { name: "reference", change: order({ externalReference: "x" }), says: "externalReference" },
  { name: "placedAt", change: order({ placedAt: "2018-01-01T10:00:01.000Z" }), says: "placedAt" },
  {
    name: "status",
    change: order({ status: "shipped" }),
    says: "status: expected delivered, answered shipped",
  },
  {
    name: "a time",
    change: order({ deliveredAt: "2018-01-05T10:00:00.000Z" }),
    says: "deliveredAt",
  },
  {
    name: "no time",
    change: without("approvedAt"),
    says: "approvedAt: expected 2018-01-02T10:00:00.000Z, answered none",
  },
  { name: "total", change: order({ total: { amount: 1, currency: "BRL" } }), says: "total" },
  {
    name: "currency",
    change: order({ total: { amount: 14_380, currency: "EUR" } }),
    says: "currency",
  },
  { name: "lines", change: order({ lines: [line({ quantity: 3 })] }), says: "lines" },
  { name: "payment", change: order({ payment: { status: "pending" } }), says: "payment" },
  {
    name: "rejection",
    change: order({ rejection: { reason: "out-of-stock" } }),
    says: "rejection",
  },
  {
    name: "halted",
    change: fulfilment({ status: "halted" }),
    says: "fulfilment: expected running, answered halted",
  },
  {
    name: "a report not applied",
    change: fulfilment({ lastSequence: 2 }),
    says: "reports applied",
  },
  { name: "a report parked", change: fulfilment({ parked: 1 }), says: "reports parked" },
  {
    name: "an anomaly that is none",
    change: fulfilment({ violations: [violation("timestamp-anomaly", 2)] }),
    says: "violations: expected none, answered timestamp-anomaly at 2",
  },
  {
    name: "another violation",
    change: fulfilment({ violations: [violation("sequence-conflict", 2)] }),
    says: "violations",
  },
  {
    name: "a gap in the timeline",
    change: events((all) =>
      all.map((event) => (event.sequence === 3 ? { ...event, sequence: 9 } : event)),
    ),
    says: "timeline's sequences",
  },
  { name: "an event lost", change: events((all) => all.slice(0, -1)), says: "timeline's events" },
  {
    name: "an event twice",
    change: events((all) => [...all, ...all.slice(-1)]),
    says: "timeline's sequences",
  },
  {
    name: "applied out of order",
    change: events((all) =>
      [all[0], all[1], all[2], all[4], all[3], all[5]].flatMap((event, index) =>
        event === undefined ? [] : [{ ...event, sequence: index + 1 }],
      ),
    ),
    says: "reports in the timeline",
  },
  {
    name: "another report applied",
    change: data(3, { occurredAt: day(20) }),
    says: "reports in the timeline",
  },
  { name: "unreadable event", change: data(3, { webhookSequence: "one" }), says: "unreadable" },
  {
    name: "another order's timeline",
    change: (answers) => ({ ...answers, timeline: { ...answers.timeline, orderId: "x" } }),
    says: "timeline's order",
  },
])("wrong: $name", ({ change, says }) => {
  const planned = plannedOrder();

  const wrong = judge(expectationOf(planned), change(rightAnswers(planned)));

  expect(wrong.join("\n")).toContain(says);
});

test("an anomaly that was not filed is wrong, and one at another report as well", () => {
  const silent = fulfilment({ violations: [] })(rightAnswers(anomalous));
  const elsewhere = fulfilment({ violations: [violation("timestamp-anomaly", 3)] })(
    rightAnswers(anomalous),
  );

  expect(judge(expectationOf(anomalous), silent)).toHaveLength(1);
  expect(judge(expectationOf(anomalous), elsewhere)).toHaveLength(1);
});

test("a declined order that was charged is wrong", () => {
  const charged = order({ payment: { status: "captured", paymentId: "p" } });

  expect(judge(expectationOf(declined), charged(rightAnswers(declined)))).toEqual([
    "payment: expected declined, answered captured",
  ]);
});
