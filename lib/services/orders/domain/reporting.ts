/**
 * What carriers and providers report of an order: when it may be applied, and what it makes of the
 * order.
 */
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { FulfilmentReported, FulfilmentStep, OrderEvent, ReportedStatus } from "./events.ts";
import {
  isBeingCancelled,
  isShipped,
  type OrderState,
  type PlacedOrder,
  type ReportedStep,
} from "./order-state.ts";
import { damaged } from "./refusals.ts";

/** What was reported, before the order's status after it is known. */
export type Report = Omit<FulfilmentReported, "report" | "status" | "occurredAt"> &
  (
    | { readonly report: FulfilmentStep; readonly occurredAt: EpochMs }
    | { readonly report: "final-status"; readonly status: ReportedStatus }
  );

/**
 * Throws `Failure`: `order-not-open` (retry) while the saga runs, `fulfilment-not-expected` (halt)
 * for what can never be applied.
 */
export function decideReport(report: Report, state: OrderState): readonly OrderEvent[] {
  switch (state.phase) {
    case "unplaced":
      throw notExpected(report, "the order was never placed");
    case "rejected":
      throw notExpected(report, `the order was rejected (${state.rejection.reason})`);
    case "cancelled":
      throw notExpected(report, "the order was cancelled");
    case "placed":
      // The saga's end is under way; until it is written nobody can say whether the report is
      // legal.
      throw new Failure(
        "order-not-open",
        "retry",
        `report ${report.webhookSequence} (${report.report}) came before the order was confirmed`,
      );
    case "confirmed":
      return reported(report, state);
    case "reported":
      return alreadyApplied(report, state) ? [] : reported(report, state);
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

/** Goods that left while their order was being cancelled are gone with the money. */
function reported(report: Report, state: PlacedOrder): readonly OrderEvent[] {
  const event = {
    type: "order.fulfilment-reported",
    data: report.report === "final-status" ? report : { ...report, status: after(report.report) },
  } as const;
  if (!isBeingCancelled(state) || !isShipped(evolveReported(state, event))) return [event];
  const cause = "It left while it was being cancelled: its money goes back, its goods are gone.";
  const data = { run: state.life.run, kind: "failed", cause } as const;
  return [event, { type: "order.needs-attention", data }];
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

export function evolveReported(
  state: PlacedOrder,
  event: Extract<OrderEvent, { readonly type: "order.fulfilment-reported" }>,
): Extract<OrderState, { readonly phase: "reported" }> {
  if (state.phase !== "confirmed" && state.phase !== "reported") throw damaged(event, state.phase);
  const { report, status, occurredAt, webhookSequence } = event.data;
  const step: ReportedStep = { webhookSequence, ...(occurredAt !== undefined && { occurredAt }) };
  const steps = state.phase === "reported" ? state.steps : {};
  return {
    phase: "reported",
    facts: state.facts,
    life: state.life,
    paymentId: state.paymentId,
    status,
    steps: report === "final-status" ? steps : { ...steps, [report]: step },
    lastReport: webhookSequence,
  };
}

const notExpected = (report: Report, why: string): Failure =>
  new Failure(
    "fulfilment-not-expected",
    "halt",
    `report ${report.webhookSequence} (${report.report}) cannot be applied: ${why}`,
  );
