/**
 * One order and one thing that goes wrong, at a place that a test chooses; nothing is left to
 * chance.
 */
import type { ScheduleResult } from "#simulation/scenario";
import type { TaskCall } from "#simulation/state-machine/execution";
import { machineOf, refundMachine } from "./step-functions.ts";
import type { Inject, Injected } from "./step-functions.ts";
import { DECLINED_SKU, REVIEWED_SKU, type Traffic } from "./traffic.ts";
import { runSagas, type SagaWorldOptions } from "./world.ts";

type Wanted = Traffic["orders"][number];

const order = (lines: Wanted["lines"], more: Partial<Wanted> = {}): Traffic => ({
  orders: [{ atMs: 0, lines, ...more }],
  stock: { chair: 1, lamp: 9, [DECLINED_SKU]: 9, [REVIEWED_SKU]: 9 },
});

const CHAIR = { sku: "chair", quantity: 1 };

/** By what becomes of them where nothing goes wrong. */
export const ORDERS = {
  confirmed: order([CHAIR]),
  declined: order([CHAIR, { sku: DECLINED_SKU, quantity: 1 }]),
  "out-of-stock": order([{ sku: "chair", quantity: 2 }]),
  "hold-expired": order([CHAIR], { holdMs: 1 }),
  reviewed: order([CHAIR, { sku: REVIEWED_SKU, quantity: 1 }]),
  refunded: order([CHAIR], { refunds: [700] }),
  "cancelled-before": order([CHAIR], { cancel: { at: "order.placed" } }),
  "cancelled-at-reserve": order([CHAIR], { cancel: { at: "Reserve" } }),
  "cancelled-at-authorise": order([CHAIR], { cancel: { at: "Authorise" } }),
  "cancelled-at-review": order([CHAIR, { sku: REVIEWED_SKU, quantity: 1 }], {
    cancel: { at: "order.review-requested" },
  }),
  "cancelled-at-capture": order([CHAIR], { cancel: { at: "Capture" } }),
  "cancelled-after": order([CHAIR], { cancel: { at: "order.confirmed" } }),
  "cancelled-over-part": order([CHAIR], {
    refunds: [700],
    cancel: { at: "order.refund-requested" },
  }),
  "cancelled-over-all": order([CHAIR], {
    refunds: [5_000],
    cancel: { at: "order.refund-requested" },
  }),
} as const satisfies Readonly<Record<string, Traffic>>;

export type OrderName = keyof typeof ORDERS;

/** Fifty retries of five minutes each. */
const ENDS_MS_MAX = 5 * 3_600_000;

export const runOrder = (
  name: OrderName,
  options: Pick<SagaWorldOptions, "kills" | "inject">,
): Promise<ScheduleResult> =>
  runSagas({
    schedule: { seed: 1, faults: [] },
    traffic: ORDERS[name],
    endsMsMax: ENDS_MS_MAX,
    ...options,
  });

/** How many places there are at which a process can die while that order runs. */
export async function killPoints(name: OrderName): Promise<number> {
  let points = 0;
  await runOrder(name, {
    kills: () => {
      points += 1;
      return false;
    },
  });
  return points;
}

/** Dies at the place of that number, from 1. */
export function killedAt(name: OrderName, point: number): Promise<ScheduleResult> {
  let points = 0;
  return runOrder(name, {
    kills: () => {
      points += 1;
      return points === point;
    },
  });
}

export type MachineName = "order" | "refund";

export type Edge = {
  readonly machine: MachineName;
  readonly state: string;
  readonly error: string;
  readonly effect: Injected["effect"];
  /** Until no retry is left, or once. */
  readonly attempts: "all" | "first";
};

/** What only the thing itself may say: nobody else knows that it is so. */
const BUSINESS = [
  "OutOfStock",
  "PaymentDeclined",
  "HoldExpired",
  "ReviewNeeded",
  "ReviewDeclined",
  "ReviewOver",
  "CancelRequested",
  "PaymentRefused",
];
/** Reached only where the provider pays back nothing. */
const WHERE_REFUSED = ["RefuseCancel", "RefuseRefund"];
/** An order that is open is not finished by a run that takes it for closed. */
const ENDS_QUIETLY = ["OrderNotOpen"];
const ANY_OTHER = "Some.OtherError";

/** Every error that a state retries or catches, at that state. */
export function edges(machine: MachineName): readonly Edge[] {
  const { states } = machine === "order" ? machineOf({}) : refundMachine;
  return [...states].flatMap(([state, definition]) => {
    if (definition.type !== "Task") return [];
    const named = [...definition.retriers, ...definition.catchers].flatMap(
      ({ errorEquals }) => errorEquals,
    );
    const errors = new Set(named.map((name) => (name === "States.ALL" ? ANY_OTHER : name)));
    return (
      [...errors]
        .filter((error) => !BUSINESS.includes(error))
        .filter((error) => state !== "Begin" || !ENDS_QUIETLY.includes(error))
        // A review's time is over once for each wait, not at once again and again.
        .flatMap((error): Edge[] =>
          state === "Review" && error === "States.Timeout"
            ? [
                { machine, state, error, effect: "none", attempts: "first" },
                { machine, state, error, effect: "taken", attempts: "first" },
              ]
            : [
                { machine, state, error, effect: "none", attempts: "first" },
                { machine, state, error, effect: "taken", attempts: "first" },
                { machine, state, error, effect: "none", attempts: "all" },
                { machine, state, error, effect: "taken", attempts: "all" },
              ],
        )
    );
  });
}

/** The provider will never pay that back. */
export const REFUSED: Injected = { error: "PaymentRefused", effect: "none" };

/** Only in the order's first run: a later one goes on where nothing is wrong any more. */
export function injecting({ machine, state, error, effect, attempts }: Edge): Inject {
  const isLater = ({ execution }: TaskCall): boolean => /-r\d+$/.test(execution);
  const isOther = ({ execution }: TaskCall): boolean =>
    execution.includes("-refund-") !== (machine === "refund");
  const [first, final] = machine === "order" ? ["Begin", ANY_OTHER] : ["PayBack", "Refused"];
  let struck = 0;
  return (call) => {
    if (isLater(call) || isOther(call)) return undefined;
    // Nobody has to be told while nothing goes wrong.
    if (state === "FileAttention" && call.state === first) return { error: final, effect: "none" };
    if (WHERE_REFUSED.includes(state) && call.state === "PayBack") return REFUSED;
    if (call.state !== state) return undefined;
    struck += 1;
    return attempts === "first" && struck > 1 ? undefined : { error, effect };
  };
}
