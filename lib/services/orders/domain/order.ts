/**
 * The rules of an order: what may be decided in each phase, and how each event changes it. Pure;
 * the caller brings time and ids.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type {
  FulfilmentReported,
  FulfilmentStep,
  OrderEvent,
  OrderFacts,
  OrderStatus,
  Rejection,
  ReportedStatus,
} from "./events.ts";

/** Where a step stands in the sender's numbering, and when it happened by the reporter's clock. */
export type ReportedStep = { readonly webhookSequence: number; readonly occurredAt?: EpochMs };

export type OrderState =
  | { readonly phase: "unplaced" }
  /** Its saga has not ended. */
  | { readonly phase: "placed"; readonly facts: OrderFacts }
  /** Paid for; the outside world has said nothing yet. */
  | { readonly phase: "confirmed"; readonly facts: OrderFacts; readonly paymentId: string }
  | {
      readonly phase: "reported";
      readonly facts: OrderFacts;
      readonly paymentId: string;
      readonly status: ReportedStatus;
      readonly steps: { readonly [Step in FulfilmentStep]?: ReportedStep };
      /** The sender's number of the report applied last. */
      readonly lastReport: number;
    }
  | { readonly phase: "rejected"; readonly facts: OrderFacts; readonly rejection: Rejection };

/** Every order that exists. */
export type PlacedOrder = Exclude<OrderState, { readonly phase: "unplaced" }>;

/** What was reported, before the order's status after it is known. */
export type Report = Omit<FulfilmentReported, "report" | "status" | "occurredAt"> &
  (
    | { readonly report: FulfilmentStep; readonly occurredAt: EpochMs }
    | { readonly report: "final-status"; readonly status: ReportedStatus }
  );

export type OrderCommand =
  | { readonly type: "place"; readonly facts: OrderFacts }
  | { readonly type: "confirm"; readonly paymentId: string }
  | { readonly type: "reject"; readonly rejection: Rejection }
  | { readonly type: "report-fulfilment"; readonly report: Report };

export const unplaced: OrderState = { phase: "unplaced" };

/**
 * The events that follow from a command; none when it has taken effect before, so that a retry is
 * harmless. Throws `Failure`: `conflict` or `order-not-open` (reject) for what contradicts the
 * order's phase; for reports `order-not-open` (retry) while the saga runs, and
 * `fulfilment-not-expected` (halt) for what can never be applied.
 */
export function decide(command: OrderCommand, state: OrderState): readonly OrderEvent[] {
  switch (command.type) {
    case "place":
      return decidePlace(command.facts, state);
    case "confirm":
      return decideConfirm(command.paymentId, state);
    case "reject":
      return decideReject(command.rejection, state);
    case "report-fulfilment":
      return decideReport(command.report, state);
    default:
      return command satisfies never;
  }
}

/**
 * Throws `Failure` `unexpected` (halt) for an event that no decision can have produced: the stream
 * is damaged.
 */
export function evolve(state: OrderState, event: OrderEvent): OrderState {
  switch (event.type) {
    case "order.placed":
      if (state.phase !== "unplaced") throw damaged(event, state);
      return { phase: "placed", facts: event.data };
    case "order.confirmed":
      if (state.phase !== "placed") throw damaged(event, state);
      return { phase: "confirmed", facts: state.facts, paymentId: event.data.paymentId };
    case "order.rejected":
      if (state.phase !== "placed") throw damaged(event, state);
      return { phase: "rejected", facts: state.facts, rejection: event.data };
    case "order.fulfilment-reported":
      return evolveReported(state, event);
    default:
      return event satisfies never;
  }
}

/** One word for where an order is. */
export function statusOf(state: PlacedOrder): OrderStatus {
  switch (state.phase) {
    case "placed":
    case "confirmed":
    case "rejected":
      return state.phase;
    case "reported":
      return state.status;
    default:
      return state satisfies never;
  }
}

function decidePlace(facts: OrderFacts, state: OrderState): readonly OrderEvent[] {
  if (state.phase === "unplaced") return [{ type: "order.placed", data: facts }];
  throw new Failure(
    "conflict",
    "reject",
    `order ${facts.orderId} exists already: it is ${statusOf(state)}`,
  );
}

function decideConfirm(paymentId: string, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "placed":
      return [{ type: "order.confirmed", data: { paymentId } }];
    case "confirmed":
    case "reported":
      if (state.paymentId === paymentId) return [];
      throw notOpen(`it is paid for by ${state.paymentId}, not by ${paymentId}`);
    case "rejected":
      throw notOpen(`it was rejected (${state.rejection.reason})`);
    case "unplaced":
      throw notOpen("it was never placed");
    default:
      return state satisfies never;
  }
}

function decideReject(rejection: Rejection, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "placed":
      return [{ type: "order.rejected", data: rejection }];
    case "rejected":
      if (state.rejection.reason === rejection.reason) return [];
      throw notOpen(`it was rejected for ${state.rejection.reason}, not for ${rejection.reason}`);
    case "confirmed":
    case "reported":
      throw notOpen(`it is confirmed and paid for by ${state.paymentId}`);
    case "unplaced":
      throw notOpen("it was never placed");
    default:
      return state satisfies never;
  }
}

function decideReport(report: Report, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "unplaced":
      throw notExpected(report, "the order was never placed");
    case "rejected":
      throw notExpected(report, `the order was rejected (${state.rejection.reason})`);
    case "placed":
      // The saga's end is under way; until it is written nobody can say whether the report is
      // legal.
      throw new Failure(
        "order-not-open",
        "retry",
        `report ${report.webhookSequence} (${report.report}) came before the order was confirmed`,
      );
    case "confirmed":
      return [reported(report)];
    case "reported":
      return alreadyApplied(report, state) ? [] : [reported(report)];
    default:
      return state satisfies never;
  }
}

type Reported = Extract<OrderState, { readonly phase: "reported" }>;

/** Steps may be missing and a final status may follow anything, but no step happens twice. */
function alreadyApplied(report: Report, state: Reported): boolean {
  if (report.report === "final-status") return state.lastReport === report.webhookSequence;
  const earlier = state.steps[report.report];
  if (earlier === undefined) return false;
  if (earlier.webhookSequence === report.webhookSequence) return true;
  throw notExpected(report, `report ${earlier.webhookSequence} has said so before`);
}

function reported(report: Report): OrderEvent {
  return {
    type: "order.fulfilment-reported",
    data: report.report === "final-status" ? report : { ...report, status: after(report.report) },
  };
}

function after(step: FulfilmentStep): ReportedStatus {
  switch (step) {
    case "approved":
      return "approved";
    case "handed-to-carrier":
      return "shipped";
    case "delivered":
      return "delivered";
    default:
      return step satisfies never;
  }
}

function evolveReported(
  state: OrderState,
  event: Extract<OrderEvent, { readonly type: "order.fulfilment-reported" }>,
): OrderState {
  if (state.phase !== "confirmed" && state.phase !== "reported") throw damaged(event, state);
  const { report, status, occurredAt, webhookSequence } = event.data;
  const step: ReportedStep = { webhookSequence, ...(occurredAt !== undefined && { occurredAt }) };
  const steps = state.phase === "reported" ? state.steps : {};
  return {
    phase: "reported",
    facts: state.facts,
    paymentId: state.paymentId,
    status,
    steps: report === "final-status" ? steps : { ...steps, [report]: step },
    lastReport: webhookSequence,
  };
}

const notOpen = (why: string): Failure =>
  new Failure("order-not-open", "reject", `the order is not open: ${why}`);

const notExpected = (report: Report, why: string): Failure =>
  new Failure(
    "fulfilment-not-expected",
    "halt",
    `report ${report.webhookSequence} (${report.report}) cannot be applied: ${why}`,
  );

const damaged = (event: OrderEvent, state: OrderState): Failure =>
  new Failure(
    "unexpected",
    "halt",
    `the stream has ${event.type} where the order is ${state.phase}`,
  );
