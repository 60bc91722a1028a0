// The rules of an order: every command in every phase.
import { expect, test } from "vitest";
import type { Failure } from "#kernel/failure";
import type { OrderEvent } from "#services/orders/domain/events";
import {
  decide,
  evolve,
  type OrderCommand,
  statusOf,
  unplaced,
} from "#services/orders/domain/order";
import {
  confirmed,
  delivered,
  facts,
  finalReport,
  placed,
  rejected,
  reportedEvent,
  stepReport,
} from "../../support/order-samples.ts";

const given = (...events: readonly OrderEvent[]) => ({
  when: (command: OrderCommand) => decide(command, events.reduce(evolve, unplaced)),
});

const approved = reportedEvent(stepReport("approved", 1), "approved");
const place: OrderCommand = { type: "place", facts };
const confirm: OrderCommand = { type: "confirm", paymentId: "pay-1" };
const reject: OrderCommand = {
  type: "reject",
  rejection: { reason: "payment-declined", detail: "the provider declined" },
};
const reportApproved: OrderCommand = {
  type: "report-fulfilment",
  report: stepReport("approved", 1),
};

/** Refused with this code and action; the table below is the whole of phases times commands. */
const refused = (code: string, action: string) => ({ code, action });
const then = (...events: readonly OrderEvent[]) => events;

const phases = {
  unplaced: [],
  placed: [placed],
  confirmed: [placed, confirmed],
  reported: [placed, confirmed, approved],
  rejected: [placed, rejected],
} satisfies Record<string, readonly OrderEvent[]>;

type Phase = keyof typeof phases;
type Outcome = readonly OrderEvent[] | { readonly code: string; readonly action: string };

const table: Record<Phase, readonly [string, OrderCommand, Outcome][]> = {
  unplaced: [
    ["placed", place, then(placed)],
    ["confirmed", confirm, refused("order-not-open", "reject")],
    ["rejected", reject, refused("order-not-open", "reject")],
    ["reported", reportApproved, refused("fulfilment-not-expected", "halt")],
  ],
  placed: [
    ["placed", place, refused("conflict", "reject")],
    ["confirmed", confirm, then(confirmed)],
    ["rejected", reject, then(rejected)],
    ["reported", reportApproved, refused("order-not-open", "retry")],
  ],
  confirmed: [
    ["placed", place, refused("conflict", "reject")],
    ["confirmed again", confirm, then()],
    [
      "confirmed by another payment",
      { type: "confirm", paymentId: "pay-2" },
      refused("order-not-open", "reject"),
    ],
    ["rejected", reject, refused("order-not-open", "reject")],
    ["reported", reportApproved, then(approved)],
  ],
  reported: [
    ["placed", place, refused("conflict", "reject")],
    ["confirmed again", confirm, then()],
    [
      "confirmed by another payment",
      { type: "confirm", paymentId: "pay-2" },
      refused("order-not-open", "reject"),
    ],
    ["rejected", reject, refused("order-not-open", "reject")],
    ["reported again under its own sequence", reportApproved, then()],
    [
      "reported again under another sequence",
      { type: "report-fulfilment", report: stepReport("approved", 2) },
      refused("fulfilment-not-expected", "halt"),
    ],
  ],
  rejected: [
    ["placed", place, refused("conflict", "reject")],
    ["confirmed", confirm, refused("order-not-open", "reject")],
    ["rejected again", reject, then()],
    [
      "rejected for another reason",
      { type: "reject", rejection: { reason: "out-of-stock", detail: "none left" } },
      refused("order-not-open", "reject"),
    ],
    ["reported", reportApproved, refused("fulfilment-not-expected", "halt")],
  ],
};

const cases = (Object.keys(phases) as Phase[]).flatMap((phase) =>
  table[phase].map(([name, command, outcome]) => ({ phase, name, command, outcome })),
);

test.each(cases)("an order that is $phase can be $name, or says why not", (row) => {
  const { phase, command, outcome } = row;

  expect(outcomeOf(() => given(...phases[phase]).when(command))).toEqual(outcome);
});

test.each([
  { report: stepReport("approved", 1), status: "approved" },
  { report: stepReport("handed-to-carrier", 1), status: "shipped" },
  { report: stepReport("delivered", 1), status: "delivered" },
  { report: finalReport("canceled", 1), status: "canceled" },
  { report: finalReport("unavailable", 1), status: "unavailable" },
] as const)("a first report of $report.report makes the order $status", ({ report, status }) => {
  const events = given(placed, confirmed).when({ type: "report-fulfilment", report });

  expect(events).toEqual([reportedEvent(report, status)]);
  expect(statusAfter([placed, confirmed, ...events])).toBe(status);
});

test("steps may be missing", () => {
  const events = given(placed, confirmed, approved).when({
    type: "report-fulfilment",
    report: stepReport("delivered", 2),
  });

  expect(events).toEqual([reportedEvent(stepReport("delivered", 2), "delivered")]);
});

test("a final status is legal after delivery, and after another final status", () => {
  const canceled = finalReport("canceled", 4);
  const invoiced = finalReport("invoiced", 5);

  const first = given(...delivered).when({ type: "report-fulfilment", report: canceled });
  const second = given(...delivered, ...first).when({
    type: "report-fulfilment",
    report: invoiced,
  });

  expect(first).toEqual([reportedEvent(canceled, "canceled")]);
  expect(second).toEqual([reportedEvent(invoiced, "invoiced")]);
});

test("a final status that was applied under its sequence changes nothing", () => {
  const canceled = finalReport("canceled", 4);

  const events = given(...delivered, reportedEvent(canceled, "canceled")).when({
    type: "report-fulfilment",
    report: canceled,
  });

  expect(events).toEqual([]);
});

test("a step is not forgotten behind a final status", () => {
  const history = [...delivered, reportedEvent(finalReport("invoiced", 4), "invoiced")];

  const failure = failureOf(() =>
    given(...history).when({ type: "report-fulfilment", report: stepReport("delivered", 5) }),
  );

  expect(failure).toMatchObject({ code: "fulfilment-not-expected", action: "halt" });
  expect(failure.message).toContain("report 3 has said so before");
});

test("the state keeps each step's time and sequence", () => {
  expect(delivered.reduce(evolve, unplaced)).toMatchObject({
    phase: "reported",
    status: "delivered",
    paymentId: "pay-1",
    steps: {
      approved: { webhookSequence: 1 },
      "handed-to-carrier": { webhookSequence: 2 },
      delivered: { webhookSequence: 3 },
    },
    lastReport: 3,
  });
});

test.each([
  { name: "placed twice", events: [placed, placed] },
  { name: "confirmed before it was placed", events: [confirmed] },
  { name: "rejected after it was confirmed", events: [placed, confirmed, rejected] },
  { name: "reported before it was confirmed", events: [placed, approved] },
])("a stream with an order that was $name is damaged", ({ events }) => {
  expect(failureOf(() => events.reduce(evolve, unplaced))).toMatchObject({
    code: "unexpected",
    action: "halt",
  });
});

function outcomeOf(decide: () => readonly OrderEvent[]): Outcome {
  try {
    return decide();
  } catch (error) {
    const { code, action } = error as Failure;
    return { code, action };
  }
}

function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    return error as Failure;
  }
  throw new Error("expected a failure, got an answer");
}

function statusAfter(events: readonly OrderEvent[]): string {
  const state = events.reduce(evolve, unplaced);
  if (state.phase === "unplaced") throw new Error("expected an order");
  return statusOf(state);
}
