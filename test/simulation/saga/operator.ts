/**
 * Those who look after sagas: they send an order's event again, and start a saga that has failed
 * once more.
 */
import type { Rng } from "#kernel/rng";
import type { Commit } from "#messaging";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Scheduler } from "#simulation/scheduler";
import type { Executions } from "#simulation/state-machine/executions";
import type { Ledger, OrderTruth } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";

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
  readonly executions: Executions;
  readonly outbox: Outbox;
  readonly reach: (branch: string) => void;
};

export type SagaOperator = {
  /** There is an order more. */
  placed(first: Commit): void;
  meddleUntil(end: number): void;
  /** From now on, whatever has failed is started again. */
  repairAll(): void;
};

const MEDDLE_EVERY_MS = 5_000;
const REPAIR_EVERY_MS = 60_000;
/** New runs of one order: while faults last, and in all. */
const HASTY_REPAIRS_MAX = 3;
const REPAIRS_MAX = 6;

export function sagaOperator(options: SagaOperatorOptions): SagaOperator {
  const { scheduler, swarm, rng, ledger, executions, outbox, reach } = options;
  const orders: Commit[] = [];
  const repairs = new Map<string, number>();
  let resent = 0;

  const runsOf = (orderId: string): readonly (string | undefined)[] =>
    executions
      .names()
      .filter((name) => name.startsWith(orderId))
      .map((name) => executions.status(name));

  const hasFailed = ({ orderId, status }: OrderTruth): boolean => {
    const runs = runsOf(orderId);
    return status === "placed" && runs.length > 0 && runs.every((run) => run === "FAILED");
  };

  /** "Every step may be repeated, so a new run goes on from here." */
  const repairFailed = (repairsMax: number): boolean => {
    const failed = ledger.orders().filter(hasFailed);
    for (const { orderId } of failed) {
      const number = (repairs.get(orderId) ?? 0) + 1;
      if (number > repairsMax) continue;
      repairs.set(orderId, number);
      reach("repaired");
      executions.start(`${orderId}-r${number}`, { orderId });
    }
    return failed.length > 0;
  };

  const meddle = (): void => {
    if (swarm.fires("hasty-repair") && repairFailed(HASTY_REPAIRS_MAX)) {
      swarm.happened("hasty-repair");
    }
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
      executions.start(orderId, { orderId });
    }
  };

  const repairAll = (): void => {
    outbox.repair();
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
