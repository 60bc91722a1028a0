/**
 * The watchdog: looks at orders that should have ended by now, starts what never started, and files
 * on the order what has ended badly unseen or takes too long.
 */
import { type DurationMs, type EpochMs, later, seconds } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import type { NeedsAttention } from "../domain/events.ts";
import type { PlacedOrder } from "../domain/order.ts";
import { expectedRuns, type Run } from "../domain/runs.ts";
import type { OrderWatch } from "../ports.ts";
import { decideOrder, type OrderMoment } from "./decide-order.ts";
import { readOrder } from "./order-stream.ts";
import { startRun, type StartPorts } from "./start-runs.ts";
import { OVERDUE_SECONDS } from "./watch-state.ts";

export type WatchPorts = StartPorts & {
  readonly watch: OrderWatch;
  /** Told of a run that has been going on for too long. Must not throw. */
  readonly tellLate: (orderId: string, run: string, since: EpochMs) => void;
};

export type WatchReport = {
  /** Of those that should have ended. */
  readonly looked: number;
  readonly filed: number;
};

/** So many of a kind are looked at in one run, the oldest first. */
const ORDERS_MAX = 100;
const AT_ONCE_MAX = 8;

/**
 * An order that waits for a person is looked at too: another of its works may have to be started.
 * Errors: the first of those that the ports threw, after all others were looked at; what failed is
 * due the next time.
 * @param ahead orders that would be looked at within this time are looked at now
 */
export async function watchOrders(
  ports: WatchPorts,
  moment: OrderMoment,
  ahead: DurationMs = seconds(0),
): Promise<WatchReport> {
  const [overdue, stuck] = await Promise.all([
    ports.watch.overdue(later(moment.now, ahead), ORDERS_MAX),
    ports.watch.stuck(ORDERS_MAX),
  ]);
  const errors: unknown[] = [];
  let filed = 0;
  const looks = [...overdue, ...stuck].map(({ orderId }) => async () => {
    try {
      filed += await lookAt(ports, orderId, moment);
    } catch (error) {
      errors.push(error);
    }
  });
  await concurrently(looks, AT_ONCE_MAX);
  if (errors.length > 0) throw errors[0];
  return { looked: overdue.length, filed };
}

async function lookAt(ports: WatchPorts, orderId: string, moment: OrderMoment): Promise<number> {
  const { state } = await readOrder(ports.store, orderId);
  if (state.phase === "unplaced") return 0;
  let filed = 0;
  for (const run of expectedRuns(state)) {
    if (await isBehind(ports, { orderId, run, isLate: isLate(state, run) }, moment)) filed += 1;
  }
  return filed;
}

/** Known to be: it is told once. */
const isLate = ({ life }: PlacedOrder, { refundId, run }: Run): boolean =>
  life.attention.some((one) => one.refundId === refundId && one.run === run);

type Look = { readonly orderId: string; readonly run: Run; readonly isLate: boolean };

async function isBehind(
  ports: WatchPorts,
  { orderId, run, isLate: isKnown }: Look,
  moment: OrderMoment,
): Promise<boolean> {
  const start = await startRun(ports, orderId, run, moment);
  switch (start.kind) {
    case "needs-attention":
      return true;
    case "succeeded":
      // The order may have ended since it was read; then nothing is filed.
      await file(ports, orderId, { run, kind: "failed", why: "ended, the order did not" }, moment);
      return true;
    case "running": {
      if (isKnown || moment.now - start.since < seconds(OVERDUE_SECONDS)) return false;
      await file(ports, orderId, { run, kind: "late", why: "still runs" }, moment);
      ports.tellLate(orderId, run.name, start.since);
      return true;
    }
    default:
      return start satisfies never;
  }
}

type Filing = {
  readonly run: Run;
  readonly kind: NeedsAttention["kind"];
  readonly why: string;
};

async function file(
  { store }: WatchPorts,
  orderId: string,
  { run, kind, why }: Filing,
  moment: OrderMoment,
): Promise<void> {
  const { name, refundId } = run;
  const work = refundId === undefined ? {} : { refundId };
  const cause = `The execution ${name} ${why}.`;
  const command = { type: "file-attention", ...work, run: run.run, kind, cause } as const;
  await decideOrder(store, orderId, command, moment);
}
