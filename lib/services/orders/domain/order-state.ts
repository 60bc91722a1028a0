/**
 * Where an order can be: its phase, and what it lives through beside it.
 */
import type { EpochMs } from "#kernel/units";
import type { FulfilmentStep, OrderFacts, Rejection, ReportedStatus } from "./events.ts";
import type { Life } from "./life.ts";

/** Where a step stands in the sender's numbering, and when it happened by the reporter's clock. */
export type ReportedStep = { readonly webhookSequence: number; readonly occurredAt?: EpochMs };

type Existing = { readonly facts: OrderFacts; readonly life: Life };

export type OrderState =
  | { readonly phase: "unplaced" }
  /** Its saga has not ended. */
  | (Existing & { readonly phase: "placed" })
  /** Paid for; the outside world has said nothing yet. */
  | (Existing & { readonly phase: "confirmed"; readonly paymentId: string })
  | (Existing & {
      readonly phase: "reported";
      readonly paymentId: string;
      readonly status: ReportedStatus;
      readonly steps: { readonly [Step in FulfilmentStep]?: ReportedStep };
      /** The sender's number of the report applied last. */
      readonly lastReport: number;
    })
  | (Existing & { readonly phase: "rejected"; readonly rejection: Rejection })
  /** Everything undone: nothing is held, nothing is kept of what was paid. */
  | (Existing & { readonly phase: "cancelled"; readonly paymentId?: string });

/** Every order that exists. */
export type PlacedOrder = Exclude<OrderState, { readonly phase: "unplaced" }>;

/** Paid and not asked back; what was refused counts as not asked. */
export const remaining = ({ facts, life }: PlacedOrder): number =>
  life.refunds
    .filter(({ outcome }) => outcome !== "refused")
    .reduce((left, { amount }) => left - amount, facts.total);

/**
 * Whether a cancellation that came when it was paid for still has to be carried out. What has left
 * meanwhile cannot be cancelled any more.
 */
export const isBeingCancelled = (state: PlacedOrder): boolean =>
  state.life.cancel !== undefined &&
  (state.phase === "confirmed" || (state.phase === "reported" && !isShipped(state)));

/** It has left, so it can only come back. */
export function isShipped(state: PlacedOrder): boolean {
  if (state.phase !== "reported") return false;
  const { steps, status } = state;
  const hasLeft = steps["handed-to-carrier"] !== undefined || steps.delivered !== undefined;
  return hasLeft || status === "shipped" || status === "delivered";
}
