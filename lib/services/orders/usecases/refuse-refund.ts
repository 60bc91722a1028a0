/**
 * The end of a refund that the provider refuses. What a cancellation counted on it asks for once
 * more by the same commit, and that has a run of its own.
 */
import type { OrderTask } from "#contracts/saga";
import { runInPlaceOf } from "../domain/runs.ts";
import { decideOrder, type OrderMoment } from "./decide-order.ts";
import { type FollowPorts, startRun } from "./start-runs.ts";

/**
 * Repeated it starts no second run: that goes by its name. Throws `Failure`: `order-not-open`
 * (reject) for a refund that has been paid; `conflict` (retry), and the store's.
 */
export async function refuseRefund(
  ports: FollowPorts,
  { orderId, refundId, detail }: Extract<OrderTask, { readonly step: "refuse-refund" }>,
  moment: OrderMoment,
): Promise<void> {
  const command = { type: "refuse-refund", refundId, detail } as const;
  const { state } = await decideOrder(ports.store, orderId, command, moment);
  const next = state.phase === "unplaced" ? undefined : runInPlaceOf(refundId, state);
  if (next === undefined) return;
  try {
    await startRun(ports, orderId, next, moment);
  } catch (error) {
    ports.tellPostponed(orderId, error);
  }
}
