/**
 * The order's own tasks in its saga: where it begins, what it passes, and how it ends. Each may be
 * repeated: the stream itself says whether it has taken effect.
 */
import { ORDER_REVIEW, type OrderTask, type SagaOrder } from "#contracts/saga";
import { readShort } from "#contracts/short-stock";
import { Failure } from "#kernel/failure";
import { later, seconds } from "#kernel/units";
import { isPaidBackBySaga } from "../domain/cancelling.ts";
import type { Rejection } from "../domain/events.ts";
import { type OrderState, statusOf } from "../domain/order.ts";
import { isShipped } from "../domain/order-state.ts";
import { refundOf } from "../domain/refunding.ts";
import { cancelRequested, notOpen } from "../domain/refusals.ts";
import { turnsBack } from "../domain/saga-course.ts";
import type { OrderStore, ReviewTokens } from "../ports.ts";
import { decideOrder, type OrderMoment } from "./decide-order.ts";
import { readOrder } from "./order-stream.ts";
import { refuseRefund } from "./refuse-refund.ts";
import type { FollowPorts } from "./start-runs.ts";

export type SagaPorts = { readonly store: OrderStore };

export type OrderTaskPorts = FollowPorts & { readonly tokens: Pick<ReviewTokens, "keep"> };

type Step<Name extends OrderTask["step"]> = Extract<OrderTask, { readonly step: Name }>;

/** Throws `Failure` as the step. */
export async function runOrderTask(
  ports: OrderTaskPorts,
  task: OrderTask,
  moment: OrderMoment,
): Promise<SagaOrder | { readonly orderId: string }> {
  if (task.step === "begin") return await beginSaga(ports, task);
  await carryOut(ports, task, moment);
  return { orderId: task.orderId };
}

function carryOut(
  ports: OrderTaskPorts,
  task: Exclude<OrderTask, { readonly step: "begin" }>,
  moment: OrderMoment,
): Promise<void> {
  switch (task.step) {
    case "shipment":
      return createShipment(ports, task, moment);
    case "review":
      return awaitReview(ports, task, moment);
    case "confirm":
      return confirmOrder(ports, task, moment);
    case "reject":
      return closeOrder(ports, task, moment);
    case "refunded":
      return recordRefund(ports, task, moment);
    case "refuse-refund":
      return refuseRefund(ports, task, moment);
    case "attention":
      return fileAttention(ports, task, moment);
    default:
      return task satisfies never;
  }
}

/**
 * What the other services need to know. Throws `Failure`: `order-not-open` (reject) unless the
 * order is placed and this its latest run; `cancel-requested` (reject).
 */
export async function beginSaga(
  { store }: SagaPorts,
  { orderId, run }: Step<"begin">,
): Promise<SagaOrder> {
  const { state } = await readOrder(store, orderId);
  if (state.phase !== "placed" || state.life.run !== run) {
    throw new Failure(
      "order-not-open",
      "reject",
      `run ${run} of a saga begins with a placed order of that run; ${orderId} ${whereItIs(state)}`,
    );
  }
  if (turnsBack(state.life)) throw cancelRequested();
  const { lines, total, currency } = state.facts;
  return {
    orderId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    amount: total,
    currency,
  };
}

const whereItIs = (state: OrderState): string =>
  state.phase === "unplaced"
    ? "was never placed"
    : `is ${statusOf(state)}, its run ${state.life.run}`;

/**
 * Has the warehouse told, unless somebody has to look at the order first or it is to be cancelled.
 * Throws `Failure`: `cancel-requested`, `review-needed`, `review-declined`, `order-not-open`
 * (reject); `conflict` (retry).
 */
async function createShipment(
  { store }: SagaPorts,
  { orderId }: Step<"shipment">,
  moment: OrderMoment,
): Promise<void> {
  const { aboveAmount: reviewAbove } = ORDER_REVIEW;
  const shipmentId = `${orderId}-1`;
  const command = { type: "create-shipment", shipmentId, reviewAbove, now: moment.now } as const;
  const { state } = await decideOrder(store, orderId, command, moment);
  if (state.phase === "placed" && state.life.shipmentId === undefined) {
    // The review has just expired, which is written now: the same rules say what follows.
    await decideOrder(store, orderId, command, moment);
  }
}

/**
 * Keeps the callback, then looks whether it is still needed: whoever decides writes first and looks
 * for callbacks afterwards, so one of the two sees the other. Throws `Failure`: `review-over`,
 * `order-not-open` (reject); `conflict` (retry), and the stores'.
 */
async function awaitReview(
  { store, tokens }: OrderTaskPorts,
  { orderId, token }: Step<"review">,
  moment: OrderMoment,
): Promise<void> {
  const deadline = later(moment.now, seconds(ORDER_REVIEW.decisionSeconds));
  const command = { type: "request-review", deadline } as const;
  await decideOrder(store, orderId, command, moment);
  await tokens.keep(orderId, token);
  await decideOrder(store, orderId, command, moment);
}

/**
 * Throws `Failure`: `order-not-open` (reject) for a rejected order or another payment;
 * `cancel-requested` (reject) for what was paid for and the saga has to pay back; `conflict`
 * (retry).
 */
export async function confirmOrder(
  { store }: SagaPorts,
  { orderId, paymentId }: Step<"confirm">,
  moment: OrderMoment,
): Promise<void> {
  const { state } = await decideOrder(store, orderId, { type: "confirm", paymentId }, moment);
  if (state.phase !== "unplaced" && isPaidBackBySaga(state)) throw cancelRequested();
}

/**
 * Everything has been undone: rejected, or cancelled where that was asked for. Throws `Failure`:
 * `order-not-open` (reject) for a confirmed order or another reason; `conflict` (retry).
 */
export async function closeOrder(
  { store }: SagaPorts,
  { orderId, reason, detail }: Step<"reject">,
  moment: OrderMoment,
): Promise<void> {
  await decideOrder(
    store,
    orderId,
    reason === "cancelled"
      ? { type: "cancel" }
      : { type: "reject", rejection: { reason, ...told(reason, detail) } },
    moment,
  );
}

const told = (reason: string, detail: string): Omit<Rejection, "reason"> =>
  reason === "out-of-stock" ? readShort(detail) : { detail };

/**
 * Throws `Failure`: `order-not-open` (reject), for a cancellation too whose goods have left: their
 * stock is not there to be released; `conflict` (retry).
 */
async function recordRefund(
  { store }: SagaPorts,
  { orderId, refundId, paymentId }: Step<"refunded">,
  moment: OrderMoment,
): Promise<void> {
  const command = { type: "refunded", refundId, paymentId } as const;
  const { state } = await decideOrder(store, orderId, command, moment);
  if (state.phase === "unplaced" || !isShipped(state)) return;
  const { cause } = refundOf(refundId, state);
  if (cause === "cancel") throw notOpen("it is with the carrier; it is paid back, not cancelled");
}

/** Says on the order that a run of it cannot go on by itself. Throws `Failure` as its store. */
async function fileAttention(
  { store }: SagaPorts,
  { orderId, refundId, run, cause }: Omit<Step<"attention">, "step">,
  moment: OrderMoment,
): Promise<void> {
  const work = refundId === undefined ? {} : { refundId };
  await decideOrder(
    store,
    orderId,
    { type: "file-attention", ...work, run, kind: "failed", cause },
    moment,
  );
}
