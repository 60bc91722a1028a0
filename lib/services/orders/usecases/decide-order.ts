/**
 * Reads an order, decides, and appends what follows from it, however often others write in between.
 */
import { Failure, isFailure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { decide, type OrderCommand } from "../domain/order.ts";
import type { OrderStore } from "../ports.ts";
import { afterCommit, commitOf, type LoadedOrder, readOrder } from "./order-stream.ts";

export type OrderMoment = { readonly now: EpochMs; readonly traceparent?: string | undefined };

/**
 * Of read, decide and append, when others keep writing to the order or answers keep getting lost.
 */
const ATTEMPTS_MAX = 5;

/**
 * Answers the order as it is then. Throws `Failure`: what the rules refuse, `conflict` (retry), and
 * the store's. @param guard looks at the order before it is decided about; may throw.
 */
export async function decideOrder(
  store: OrderStore,
  orderId: string,
  command: OrderCommand,
  moment: OrderMoment,
  guard: (order: LoadedOrder) => void = () => undefined,
): Promise<LoadedOrder> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const order = await readOrder(store, orderId);
    guard(order);
    const events = decide(command, order.state);
    if (events.length === 0) return order;
    const commit = commitOf(order, events, moment);
    try {
      const answer = await store.append(commit);
      if (answer.kind === "appended") return afterCommit(order, commit);
    } catch (error) {
      // The next read tells whether the write took effect; then the decision is empty.
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
    }
  }
  throw new Failure(
    "conflict",
    "retry",
    `order ${orderId} changed ${ATTEMPTS_MAX} times while somebody wanted to ${command.type} it`,
  );
}
