/**
 * What people ask of an order after it has been placed: to cancel it, to pay something back, to
 * take something back, to decide about its review, to repair what stands still. Each is a condition
 * on the order's own stream; what follows from it is started afterwards, and a start that is lost
 * is made up for by the watchdog.
 */
import type { OrderCommand, PlacedOrder } from "../domain/order.ts";
import { expectedRuns, type Run } from "../domain/runs.ts";
import { type Asker, isFor, unknown } from "./asker.ts";
import { decideOrder, type OrderMoment } from "./decide-order.ts";
import type { LoadedOrder } from "./order-stream.ts";
import { type FollowPorts, startRun } from "./start-runs.ts";
import { wakeReview, type WakePorts } from "./wake-review.ts";

export type ChangePorts = FollowPorts & WakePorts;

export type Change = {
  readonly orderId: string;
  readonly asker: Asker;
  readonly command: OrderCommand;
};

/**
 * Answers the order as it is then. Throws `Failure`: `not-found` (reject), what the rules refuse,
 * `conflict` (retry), and the store's.
 */
export async function changeOrder(
  ports: ChangePorts,
  { orderId, asker, command }: Change,
  moment: OrderMoment,
): Promise<PlacedOrder> {
  const { state } = await decideOrder(ports.store, orderId, command, moment, (order) =>
    mayAsk(order, asker),
  );
  if (state.phase === "unplaced") throw unknown(orderId);
  try {
    if (state.life.review !== undefined) await wakeReview(ports, orderId);
    for (const run of following(state, command)) {
      await startRun(ports, orderId, run, moment);
    }
  } catch (error) {
    ports.tellPostponed(orderId, error);
  }
  return state;
}

function mayAsk({ orderId, state }: LoadedOrder, asker: Asker): void {
  if (state.phase === "unplaced" || !isFor(asker, state)) throw unknown(orderId);
}

/** A placed order's saga runs already; only what the command asks for is started. */
function following(state: PlacedOrder, command: OrderCommand): readonly Run[] {
  const runs = expectedRuns(state);
  if (command.type === "retry") {
    const machine = command.refundId === undefined ? "order" : "refund";
    return runs.filter((run) => run.machine === machine);
  }
  return PAYING_BACK.includes(command.type)
    ? runs.filter(({ machine }) => machine === "refund")
    : [];
}

const PAYING_BACK: readonly OrderCommand["type"][] = [
  "request-cancel",
  "resolve",
  "request-refund",
  "receive-return",
];
