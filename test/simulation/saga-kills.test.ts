/**
 * One order, and a process that dies at every place where one can die; and every error on every
 * edge of the saga, with and without the effect of the task that it comes from.
 */
import { expect, test } from "vitest";
import {
  type Edge,
  edges,
  injecting,
  killedAt,
  killPoints,
  ORDERS,
  type OrderName,
  runOrder,
} from "./saga/one-order.ts";

const ENDS = {
  confirmed: "confirmed",
  declined: "rejected-payment-declined",
  "out-of-stock": "rejected-out-of-stock",
  "hold-expired": "rejected-hold-expired",
  reviewed: "confirmed",
  refunded: "refunded",
  "cancelled-before": "cancelled",
  "cancelled-at-reserve": "cancelled",
  "cancelled-at-authorise": "cancelled",
  "cancelled-at-review": "cancelled",
  "cancelled-at-capture": "cancelled",
  "cancelled-after": "cancelled",
} as const satisfies Readonly<Record<OrderName, string>>;

const names = Object.keys(ORDERS) as OrderName[];

test.for(names)("killed anywhere, an order that has to end %s ends so", async (name) => {
  const points = await killPoints(name);

  expect(points).toBeGreaterThanOrEqual(20);
  for (let point = 1; point <= points; point += 1) {
    const { breach, branches } = await killedAt(name, point);
    expect({ point, breach: breach?.detail }).toEqual({ point, breach: undefined });
    // A reservation that is repeated after its hold's end is refused like one that was undone.
    const isUndone = name === "hold-expired" && branches["rejected-payment-failed"] === 1;
    expect(isUndone ? 1 : branches[ENDS[name]], `killed at ${point}`).toBe(1);
  }
});

const UNDO = ["Void", "Release", "Reject"];
const everyEdge = edges();
const states = [...new Set(everyEdge.map(({ state }) => state))];

test("all states with a task are here", () => {
  expect(states).toEqual([
    "Begin",
    "Reserve",
    "Authorise",
    "CreateShipment",
    "Review",
    "CommitHold",
    "Capture",
    "Confirm",
    "PayBack",
    "PaidBack",
    ...UNDO,
    "FileAttention",
  ]);
});

/** Which order comes by that state. */
function orderOf({ state }: Edge): OrderName {
  if (UNDO.includes(state)) return "declined";
  if (state === "Review") return "reviewed";
  return state === "PayBack" || state === "PaidBack" ? "cancelled-at-capture" : "confirmed";
}

/** A run that goes on with an undoing no longer knows what it was for. */
function endsOf(state: string): readonly string[] {
  if (UNDO.includes(state)) return ["rejected-payment-declined", "rejected-payment-failed"];
  if (state === "PayBack" || state === "PaidBack") return ["cancelled", "confirmed"];
  const isUndone = ["Reserve", "Authorise", "Capture"].includes(state);
  return isUndone ? ["confirmed", "rejected-payment-failed"] : ["confirmed"];
}

test.for(states)("whatever error comes out of %s, once or until nothing is left", async (state) => {
  const ended = new Set<string>();
  for (const edge of everyEdge.filter((one) => one.state === state)) {
    const { breach, branches } = await runOrder(orderOf(edge), { inject: injecting(edge) });

    expect({ ...edge, breach: breach?.detail }).toEqual({ ...edge, breach: undefined });
    const reached = Object.keys(branches).filter((branch) =>
      new RegExp(`^(caught-${state}|retried-${edge.error}|failed-${edge.error})`).test(branch),
    );
    expect({ ...edge, reached: reached.length }).not.toEqual({ ...edge, reached: 0 });
    for (const branch of Object.keys(branches)) {
      if (/^(confirmed|rejected|cancelled)/.test(branch)) ended.add(branch);
    }
  }
  expect([...ended].toSorted()).toEqual(endsOf(state));
});
