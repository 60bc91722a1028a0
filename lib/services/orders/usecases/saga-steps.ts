/**
 * The order's own tasks in its saga: where it begins and how it ends. Each may be repeated: the
 * stream itself says whether it has taken effect.
 */
import type { OrderTask, SagaOrder } from "#contracts/saga";
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { decide, type OrderCommand, type OrderState, statusOf } from "../domain/order.ts";
import type { OrderStore } from "../ports.ts";
import { commitOf, loadOrder } from "./order-stream.ts";

/**
 * Of read, decide and append, when others keep writing to the order or answers keep getting lost.
 */
const ATTEMPTS_MAX = 5;

export type SagaPorts = { readonly store: OrderStore };

export type SagaMoment = { readonly now: EpochMs; readonly traceparent?: string };

/**
 * What the other services need to know. Throws `Failure` `order-not-open` (reject) unless the order
 * is just placed.
 */
export async function beginSaga({ store }: SagaPorts, orderId: string): Promise<SagaOrder> {
  const { state } = loadOrder(orderId, await store.read(orderId));
  if (state.phase !== "placed") {
    throw new Failure(
      "order-not-open",
      "reject",
      `a saga begins with a placed order; ${orderId} ${whereItIs(state)}`,
    );
  }
  const { lines, total, currency } = state.facts;
  return {
    orderId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    amount: total,
    currency,
  };
}

const whereItIs = (state: OrderState): string =>
  state.phase === "unplaced" ? "was never placed" : `is ${statusOf(state)}`;

/**
 * Throws `Failure`: `order-not-open` (reject) for a rejected order or another payment; `conflict`
 * (retry).
 */
export const confirmOrder = (
  ports: SagaPorts,
  { orderId, paymentId }: Extract<OrderTask, { readonly step: "confirm" }>,
  moment: SagaMoment,
): Promise<void> => carryOut(ports, orderId, { type: "confirm", paymentId }, moment);

/**
 * Throws `Failure`: `order-not-open` (reject) for a confirmed order or another reason; `conflict`
 * (retry).
 */
export const rejectOrder = (
  ports: SagaPorts,
  { orderId, reason, detail }: Extract<OrderTask, { readonly step: "reject" }>,
  moment: SagaMoment,
): Promise<void> =>
  carryOut(ports, orderId, { type: "reject", rejection: { reason, detail } }, moment);

async function carryOut(
  { store }: SagaPorts,
  orderId: string,
  command: OrderCommand,
  moment: SagaMoment,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const order = loadOrder(orderId, await store.read(orderId));
    const events = decide(command, order.state);
    if (events.length === 0) return;
    try {
      const answer = await store.append(commitOf(order, events, moment));
      if (answer.kind === "appended") return;
    } catch (error) {
      // The next read tells whether the write took effect; then the decision is empty.
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
    }
  }
  throw new Failure(
    "conflict",
    "retry",
    `order ${orderId} changed ${ATTEMPTS_MAX} times while the saga wanted to ${command.type} it`,
  );
}
