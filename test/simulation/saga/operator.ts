/**
 * Those who look after sagas: they send an order's event again, decide about reviews, and have what
 * has failed run once more.
 */
import { fnv1a, type Rng } from "#kernel/rng";
import type { Commit } from "#messaging";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Scheduler } from "#simulation/scheduler";
import type { Ledger } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";
import type { People } from "./people.ts";
import type { Machines } from "./saga-start.ts";
import type { WatchIndex } from "./watch-index.ts";

export const OPERATOR_FAULTS = {
  "resent-event": [0.1, 0.6],
  /** While what an earlier run began may still be under way. */
  "hasty-repair": [0.2, 1],
  /** 90 days have passed, and an ended order's saga is started under its name again. */
  "forgotten-run": [0.05, 0.3],
} as const satisfies FaultRates;

export type SagaOperatorOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly ledger: Ledger;
  readonly machines: Machines;
  readonly people: People;
  readonly outbox: Outbox;
  readonly watch: Pick<WatchIndex, "needing">;
};

export type SagaOperator = {
  /** There is an order more. */
  placed(first: Commit): void;
  meddleUntil(end: number): void;
  /** From now on, whatever has failed is started again. */
  repairAll(): void;
};

const MEDDLE_EVERY_MS = 5_000;
const REPAIR_EVERY_MS = 120_000;
/** New runs of one order: while faults last, and in all. */
const HASTY_REPAIRS_MAX = 3;
const REPAIRS_MAX = 9;

export function sagaOperator(options: SagaOperatorOptions): SagaOperator {
  const { scheduler, swarm, rng, ledger, machines, people, outbox } = options;
  const orders: Commit[] = [];
  let resent = 0;

  const { order: executions } = machines;
  const runsOf = (orderId: string): readonly (string | undefined)[] =>
    executions
      .names()
      .filter((name) => name.startsWith(orderId))
      .map((name) => executions.status(name));

  const repairFailed = repairing(options);

  const isIgnored = (orderId: string): boolean =>
    orders.length > 1 && fnv1a(`${orderId} of ${orders.length}`) % 4 === 0;

  /** Some orders nobody looks at, until their review's time is over. */
  const review = (): void => {
    for (const { orderId, isUnderReview, status } of ledger.orders()) {
      if (!isUnderReview || status !== "placed" || isIgnored(orderId)) continue;
      people.decide(orderId, rng.int(3) === 0 ? "declined" : "approved");
    }
  };

  const meddle = (): void => {
    if (swarm.fires("hasty-repair") && repairFailed(HASTY_REPAIRS_MAX)) {
      swarm.happened("hasty-repair");
    }
    if (rng.int(3) === 0) review();
    const commit = orders[rng.int(Math.max(1, orders.length))];
    if (commit === undefined) return;
    const { stream: orderId } = commit;
    if (swarm.fires("resent-event")) {
      swarm.happened("resent-event");
      resent += 1;
      outbox.resend(commit, `resent-${resent}`);
    }
    const runs = runsOf(orderId);
    const hasEnded = runs.includes("SUCCEEDED") && !runs.includes("RUNNING");
    if (hasEnded && swarm.fires("forgotten-run")) {
      swarm.happened("forgotten-run");
      executions.forget(orderId);
      executions.start(orderId, { orderId, run: 0 });
    }
  };

  const repairAll = (): void => {
    outbox.repair();
    review();
    people.lookAfter();
    repairFailed(REPAIRS_MAX);
    scheduler.after(REPAIR_EVERY_MS, repairAll);
  };

  return {
    placed: (first) => orders.push(first),
    meddleUntil(end) {
      for (let at = scheduler.now() + MEDDLE_EVERY_MS; at < end; at += MEDDLE_EVERY_MS) {
        scheduler.at(at, meddle);
      }
    },
    repairAll,
  };
}

/**
 * "Every step may be repeated, so a repair run goes on from here." What the list has not is not
 * repaired.
 */
function repairing({
  ledger,
  people,
  watch,
}: SagaOperatorOptions): (repairsMax: number) => boolean {
  const repairs = new Map<string, number>();
  return (repairsMax: number): boolean => {
    const listed = watch.needing();
    const failed = ledger
      .orders()
      .filter(({ orderId }) => listed.includes(orderId))
      .flatMap(({ orderId, attention }) =>
        [...attention.values()].map((needed) => ({ orderId, ...needed })),
      );
    for (const { orderId, refundId, isLate } of failed) {
      const work = `${orderId} ${refundId}`;
      const number = (repairs.get(work) ?? 0) + 1;
      if (number > repairsMax) continue;
      if (!isLate) repairs.set(work, number);
      people.retry(orderId, refundId);
    }
    return failed.length > 0;
  };
}
