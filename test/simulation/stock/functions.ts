/**
 * The inventory's functions as they are deployed, over memory and a network that may do anything;
 * and whoever calls one again until it has answered.
 */
import type { Clock } from "#kernel/clock";
import { isFailure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import { shardedAdjustments } from "#services/inventory/adjust-units";
import { shardedStock } from "#services/inventory/sharded-stock";
import type { FaultSwarm } from "#simulation/faults";
import { type InvocationEnd, lambdaHost } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import { type FarTable, farItems } from "./far-items.ts";
import type { StockPlant } from "./plant.ts";

/** What a function has from one call to the next. */
export type Inventory = {
  readonly items: FarTable;
  readonly stock: ReturnType<typeof shardedStock>;
  readonly adjustments: ReturnType<typeof shardedAdjustments>;
};

export type Task = (inventory: Inventory, now: EpochMs) => Promise<unknown>;

export type TaskAnswer =
  | { readonly kind: "answer"; readonly answer: unknown }
  | { readonly kind: "failure"; readonly code: string };

export type StockFunctions = {
  /**
   * Called again until it answers what is not to be tried again: an answer, a refusal. Undefined:
   * given up, since it never did.
   */
  untilAnswered(task: Task): Promise<TaskAnswer | undefined>;
  /** Called once; nobody waits for it. */
  once(task: Task): void;
  /** Called once, by something that looks at how it ends. */
  invoke(task: Task, ended: (end: InvocationEnd<TaskAnswer>) => void): void;
};

export type StockFunctionsOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly remote: Remote;
  readonly table: FarTable;
  readonly plant: StockPlant;
  readonly reach: (branch: string) => void;
};

const TIMEOUT_MS = 15_000;
/** Clocks of sandboxes differ by this from the true time. */
const SKEW_MS_MAX = 3_000;
const PAUSE_MS_MAX = 2_000;
/** Longer than any schedule has faults. */
const TRIES_MAX = 200;

export function stockFunctions(options: StockFunctionsOptions): StockFunctions {
  const { scheduler, swarm, rng, reach } = options;
  const host = lambdaHost<Task, TaskAnswer>({
    scheduler,
    swarm,
    rng: rng.fork("host"),
    timeoutMs: TIMEOUT_MS,
    skewMsMax: SKEW_MS_MAX,
    start: (process) => started(process, options),
  });
  const pauses = rng.fork("pauses");

  const invoke: StockFunctions["invoke"] = (task, ended) =>
    host.invoke(task, (end) => {
      reach(`invocation-${end.kind}`);
      ended(end);
    });
  const invoked = (task: Task): Promise<InvocationEnd<TaskAnswer>> =>
    new Promise((resolve) => invoke(task, resolve));

  return {
    async untilAnswered(task) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const end = await invoked(task);
        if (end.kind === "answered" && !isRetried(end.answer)) return end.answer;
        await scheduler.clock.sleep((1 + pauses.int(PAUSE_MS_MAX)) as never);
      }
      return undefined;
    },
    once: (task) => invoke(task, () => undefined),
    invoke,
  };
}

const RETRIED: ReadonlySet<string> = new Set([
  "conflict",
  "store-throttled",
  "store-unavailable",
  "outcome-unknown",
]);

const isRetried = (answer: TaskAnswer): boolean =>
  answer.kind === "failure" && RETRIED.has(answer.code);

/** A cold start: its hints are its own. */
function started(
  process: SimulatedProcess,
  { scheduler, rng, remote, table, plant, reach }: StockFunctionsOptions,
) {
  const far = farItems(process, remote, table);
  const items = { ...far, ...plant.items?.(far) };
  const own = { items, rng: rng.fork(`sandbox-${process.name}`) };
  const inventory = {
    items,
    stock: shardedStock(own),
    adjustments: shardedAdjustments(own),
  };
  const clock = nearlyRight(process.clock, scheduler);
  return async ({ batch: task }: { readonly batch: Task }): Promise<TaskAnswer> => {
    try {
      return { kind: "answer", answer: await task(inventory, clock.now()) };
    } catch (error) {
      if (!isFailure(error)) throw error;
      reach(`failed-${error.code}`);
      return { kind: "failure", code: error.code };
    }
  };
}

/** A clock that stood still with its machine is set right when that wakes up. */
const nearlyRight = (clock: Clock, { now }: Pick<Scheduler, "now">): Clock => ({
  ...clock,
  now: () => Math.min(Math.max(clock.now(), now() - SKEW_MS_MAX), now() + SKEW_MS_MAX) as EpochMs,
});
