/**
 * Starts what an order is to have under way. A run that ended badly under its name is filed on the
 * order: starting it again is an operator's decision.
 */
import type { Run } from "../domain/runs.ts";
import type { OrderStore, SagaStart, SagaStarter } from "../ports.ts";
import { decideOrder, type OrderMoment } from "./decide-order.ts";

export type StartPorts = {
  readonly store: OrderStore;
  readonly starter: SagaStarter;
  /** Told what a start came to: a run that has ended badly needs somebody. Must not throw. */
  readonly tell: (orderId: string, start: SagaStart) => void;
};

/** Of those who start what follows from their own commit. */
export type FollowPorts = StartPorts & {
  /** Told why it could not be started now: the watchdog will. Must not throw. */
  readonly tellPostponed: (orderId: string, cause: unknown) => void;
};

/** Throws `Failure` as starter and store; then it may simply be repeated. */
export async function startRun(
  { store, starter, tell }: StartPorts,
  orderId: string,
  { refundId, run, ...rest }: Run,
  moment: OrderMoment,
): Promise<SagaStart> {
  const work = refundId === undefined ? {} : { refundId };
  const start = await starter.start({ ...rest, ...work, run });
  if (start.kind === "needs-attention") {
    const cause = `The execution ${rest.name} is ${start.status}.`;
    const command = { type: "file-attention", ...work, run, kind: "failed", cause } as const;
    await decideOrder(store, orderId, command, moment);
  }
  tell(orderId, start);
  return start;
}
