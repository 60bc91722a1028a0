/**
 * One order, and a process that dies at every place where one can die; and every error on every
 * edge of the saga, with and without the effect of the task that it comes from.
 */
import { expect, test } from "vitest";
import type { TaskCall } from "#simulation/state-machine/execution";
import {
  type Edge,
  edges,
  injecting,
  killedAt,
  killPoints,
  type MachineName,
  ORDERS,
  type OrderName,
  REFUSED,
  runOrder,
} from "./saga/one-order.ts";
import type { Inject } from "./saga/step-functions.ts";

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
  "cancelled-over-part": "cancelled",
  "cancelled-over-all": "cancelled",
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
const everyEdge = [...edges("order"), ...edges("refund")];
const statesOf = (wanted: MachineName) => [
  ...new Set(everyEdge.flatMap(({ machine, state }) => (machine === wanted ? [state] : []))),
];
const states = statesOf("order");
const refundStates = statesOf("refund");

test("all states with a task are here", () => {
  expect(refundStates).toEqual([
    "PayBack",
    "PaidBack",
    "RefuseRefund",
    "NothingToPay",
    "Release",
    "Cancel",
    "FileAttention",
  ]);
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
    "RefuseCancel",
    ...UNDO,
    "FileAttention",
  ]);
});

const LATE_CANCEL = ["PayBack", "PaidBack", "RefuseCancel"];

/** Which order comes by that state. */
function orderOf({ state }: Edge): OrderName {
  if (UNDO.includes(state)) return "declined";
  if (state === "Review") return "reviewed";
  return LATE_CANCEL.includes(state) ? "cancelled-at-capture" : "confirmed";
}

/** A run that goes on with an undoing no longer knows what it was for. */
function endsOf(state: string): readonly string[] {
  if (UNDO.includes(state)) return ["rejected-payment-declined", "rejected-payment-failed"];
  if (LATE_CANCEL.includes(state)) return ["cancelled", "confirmed"];
  const isUndone = ["Reserve", "Authorise", "Capture"].includes(state);
  return isUndone ? ["confirmed", "rejected-payment-failed"] : ["confirmed"];
}

test.for(states)("whatever error comes out of %s, once or until nothing is left", async (state) => {
  expect(await endsAfter("order", state, orderOf)).toEqual(endsOf(state));
});

const REFUND_ORDERS: Readonly<Record<string, OrderName>> = {
  NothingToPay: "cancelled-over-all",
  Release: "cancelled-over-part",
  Cancel: "cancelled-over-part",
};

const REFUND_ENDS: Readonly<Record<string, readonly string[]>> = {
  RefuseRefund: ["confirmed", "refund-refused", "refunded"],
  NothingToPay: ["cancelled", "confirmed", "refunded"],
  Release: ["cancelled", "confirmed", "refunded"],
  Cancel: ["cancelled", "confirmed", "refunded"],
};

test.for(refundStates)("whatever error comes out of a refund's %s", async (state) => {
  const ended = await endsAfter("refund", state, () => REFUND_ORDERS[state] ?? "refunded");

  expect(ended).toEqual(REFUND_ENDS[state] ?? ["confirmed", "refunded"]);
});

test.for([1, 2, 3])("a cancellation over a part ends, %i of its refunds refused", async (count) => {
  let left = count;
  const isRefunds = ({ execution, state }: TaskCall) =>
    state === "PayBack" && execution.includes("-refund-");
  const inject: Inject = (call) => {
    if (!isRefunds(call) || left === 0) return undefined;
    left -= 1;
    return REFUSED;
  };

  const { breach, branches } = await runOrder("cancelled-over-part", { inject });

  expect({ breach: breach?.detail, left }).toEqual({ breach: undefined, left: 0 });
  expect(branches["refund-refused"]).toBe(count);
});

/** All that became of orders, each of which met one error of the state. */
async function endsAfter(
  machine: MachineName,
  state: string,
  wanted: (edge: Edge) => OrderName,
): Promise<readonly string[]> {
  const ended = new Set<string>();
  for (const edge of everyEdge.filter((one) => one.machine === machine && one.state === state)) {
    const { breach, branches } = await runOrder(wanted(edge), { inject: injecting(edge) });

    expect({ ...edge, breach: breach?.detail }).toEqual({ ...edge, breach: undefined });
    const met = `(refund-)?caught-${state}|retried-${edge.error}|failed-${edge.error}`;
    const reached = Object.keys(branches).filter((one) => new RegExp(`^(${met})`).test(one));
    expect({ ...edge, reached: reached.length }).not.toEqual({ ...edge, reached: 0 });
    for (const branch of Object.keys(branches)) {
      if (/^(confirmed|rejected|cancelled|refunded|refund-refused)/.test(branch)) ended.add(branch);
    }
  }
  return [...ended].filter((end) => machine === "refund" || !end.startsWith("refund")).toSorted();
}
