/**
 * What operators do about sagas that cannot go on by themselves: look, have another run, or say how
 * the order has ended, which is believed only where the steps' own records say so too.
 */
import type { ResolveSagaBody, SagaList, SagaView } from "#contracts/http/sagas";
import { Failure } from "#kernel/failure";
import { isoInstant } from "#kernel/units";
import type { Decider, Work } from "../domain/events.ts";
import { type PlacedOrder, statusOf } from "../domain/order.ts";
import { expectedRuns } from "../domain/runs.ts";
import type { StatedOutcome } from "../domain/saga-course.ts";
import type { OrderStore, OrderWatch, StepRecords } from "../ports.ts";
import { unknown } from "./asker.ts";
import { changeOrder, type ChangePorts } from "./change-order.ts";
import type { OrderMoment } from "./decide-order.ts";
import { readOrder } from "./order-stream.ts";
import { startRun } from "./start-runs.ts";

const STAFF = { kind: "staff" } as const;

/** The oldest first. */
export async function stuckSagas(
  { watch }: { readonly watch: Pick<OrderWatch, "stuck"> },
  limit: number,
): Promise<SagaList> {
  const stuck = await watch.stuck(limit);
  return { sagas: stuck.map(({ orderId, since }) => ({ orderId, since: isoInstant(since) })) };
}

/** Throws `Failure` `not-found` (reject). */
export async function showSaga(
  { store }: { readonly store: Pick<OrderStore, "read" | "tail"> },
  orderId: string,
): Promise<SagaView> {
  const { state } = await readOrder(store, orderId);
  if (state.phase === "unplaced") throw unknown(orderId);
  return sagaView(state);
}

/**
 * A run that was only late may have ended badly since, which is found out first. Throws `Failure`:
 * `not-found`, `not-stuck` (reject), and those of `changeOrder`.
 */
export async function retrySaga(
  ports: ChangePorts,
  { orderId, ...wanted }: { readonly orderId: string } & Work & Decider,
  moment: OrderMoment,
): Promise<SagaView> {
  const { state } = await readOrder(ports.store, orderId);
  if (state.phase === "unplaced") throw unknown(orderId);
  const isLate = state.life.attention.some(
    ({ kind, refundId }) => kind === "late" && refundId === wanted.refundId,
  );
  for (const run of isLate ? expectedRuns(state) : []) await startRun(ports, orderId, run, moment);
  const change = { orderId, asker: STAFF, command: { type: "retry", ...wanted } } as const;
  return sagaView(await changeOrder(ports, change, moment));
}

/**
 * Throws `Failure`: `records-disagree` (reject) unless the records say the same, `not-found`,
 * `not-stuck` (reject), and those of `changeOrder`.
 */
export async function resolveSaga(
  ports: ChangePorts & { readonly records: StepRecords },
  { orderId, ...wanted }: { readonly orderId: string; readonly stated: StatedOutcome } & Decider,
  moment: OrderMoment,
): Promise<SagaView> {
  const { state } = await readOrder(ports.store, orderId);
  if (state.phase === "unplaced") throw unknown(orderId);
  const why = disagreement(wanted.stated, await ports.records.read(orderId), state);
  if (why !== undefined) throw new Failure("records-disagree", "reject", why);
  const change = { orderId, asker: STAFF, command: { type: "resolve", ...wanted } } as const;
  return sagaView(await changeOrder(ports, change, moment));
}

/** As a request states it. */
export const statedOutcome = (body: ResolveSagaBody): StatedOutcome =>
  body.outcome === "rejected"
    ? { outcome: body.outcome, rejection: body.rejection }
    : { outcome: body.outcome, paymentId: body.paymentId };

function disagreement(
  stated: StatedOutcome,
  { payment, stock }: Awaited<ReturnType<StepRecords["read"]>>,
  { life }: PlacedOrder,
): string | undefined {
  if (stated.outcome !== "rejected") {
    if (payment.status !== "captured" || payment.paymentId !== stated.paymentId) {
      return `No payment ${stated.paymentId} was captured: the payment is ${payment.status}.`;
    }
    // What is paid back next needs no stock, and an expired hold never comes back.
    const isSent = stated.outcome === "confirmed" && life.cancel === undefined;
    if (stock === "held" || !isSent) return undefined;
    return `Its stock is not held: it is ${stock}. State that it is cancelled: it is paid back.`;
  }
  if (payment.status !== "none" && payment.status !== "undone") {
    return `A payment is ${payment.status}: it has to be undone before the order is rejected.`;
  }
  return stock === "held" ? "Its stock is still held: have it released first." : undefined;
}

function sagaView(state: PlacedOrder): SagaView {
  const { facts, life } = state;
  return {
    orderId: facts.orderId,
    status: statusOf(state),
    run: life.run,
    underWay: expectedRuns(state).map(({ name }) => name),
    attention: life.attention.map(({ refundId, run, kind, cause }) => ({
      ...(refundId !== undefined && { refundId }),
      run,
      kind,
      cause,
    })),
    ...(life.review !== undefined && {
      review: {
        deadline: isoInstant(life.review.deadline),
        ...(life.review.decision !== undefined && { decision: life.review.decision }),
      },
    }),
    cancelRequested: life.cancel !== undefined,
    links: { order: `/v1/orders/${facts.orderId}`, events: `/v1/orders/${facts.orderId}/events` },
  };
}
