/**
 * The executions that an order has: its saga's and its refunds', each found by its name, so that
 * nobody starts one twice.
 */
import type { OrderFacts } from "./events.ts";
import { cancelRefund, type Refund } from "./life.ts";
import { isBeingCancelled, type PlacedOrder } from "./order-state.ts";
import { isRefundUnderWay } from "./cancelling.ts";
import { refundOf } from "./refunding.ts";

export type Run = {
  readonly machine: "order" | "refund";
  /** The execution's: at most 80 characters. */
  readonly name: string;
  readonly refundId?: string;
  readonly run: number;
  readonly input: Readonly<Record<string, string | number | boolean>>;
};

/** Its first run is named after the order, the ones that an operator grants are numbered. */
export const sagaRun = (orderId: string, run: number): Run => ({
  machine: "order",
  name: numbered(orderId, run),
  run,
  input: { orderId, run },
});

const refundRun = (
  { orderId, currency }: OrderFacts,
  { refundId, amount, cause, run }: Pick<Refund, "refundId" | "amount" | "cause" | "run">,
): Run => ({
  machine: "refund",
  name: numbered(`${orderId}-refund-${refundId}`, run),
  refundId,
  run,
  input: { orderId, refundId, amount, currency, cancels: cause === "cancel", run },
});

/** What has to be under way, or to have ended well; not what waits for an operator. */
export function expectedRuns(state: PlacedOrder): readonly Run[] {
  const { facts, life } = state;
  const failed = life.attention.filter(({ kind }) => kind === "failed");
  const waits = (refundId: string | undefined): boolean =>
    failed.some((one) => one.refundId === refundId);
  return [
    ...(state.phase === "placed" && !waits(undefined) ? [sagaRun(facts.orderId, life.run)] : []),
    ...life.refunds
      .filter((refund) => isRefundUnderWay(refund, state) && !waits(refund.refundId))
      .map((refund) => refundRun(facts, refund)),
  ];
}

/** Of what a cancellation under way has asked for in place of a refund that was refused. */
export function runInPlaceOf(refundId: string, state: PlacedOrder): Run | undefined {
  const { cause } = refundOf(refundId, state);
  if (cause === "cancel" || !isBeingCancelled(state)) return undefined;
  const last = cancelRefund(state.life);
  if (last?.outcome !== "pending") return undefined;
  return expectedRuns(state).find((run) => run.refundId === last.refundId);
}

const numbered = (name: string, run: number): string => (run === 0 ? name : `${name}-r${run}`);
