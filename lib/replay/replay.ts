/**
 * Replays planned orders against a running shop over HTTP and collects what the shop answers about
 * them afterwards.
 */
import type { StockView } from "#contracts/http/inventory";
import type { OrderView } from "#contracts/http/orders";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { MinorUnits } from "#kernel/units";
import { isAnsweredLate } from "./basket.ts";
import { mapConcurrently, type Turnstile, turnstile } from "./concurrency.ts";
import {
  type Counters,
  type MetricReader,
  type QuietSettings,
  quietCounters,
  readCounters,
} from "./counters.ts";
import { type PlannedOrder, unitsBySku } from "./plan.ts";
import type { Poison } from "./poison.ts";
import { type ReadOrder, readOrders, readStock, type Tell } from "./read-back.ts";
import { type OrderRun, runOrder } from "./run-order.ts";
import { sendSchedule } from "./send-schedule.ts";
import type { ShopApi } from "./shop-api.ts";
import { newPace, type WaitSettings, waitUntil } from "./wait-until.ts";

export type ReplayProps = {
  readonly api: ShopApi;
  readonly clock: Clock;
  readonly metrics: MetricReader;
  /** State transitions of the saga of one order. */
  readonly sagaTransitions: (orderId: string) => Promise<number>;
  readonly plan: readonly PlannedOrder[];
  readonly salt: string;
  readonly settings: ReplaySettings;
  /** Decides about the report that halted an order; left out, halted orders stay so. */
  readonly resolve?: (orderId: string, poison: Poison) => Promise<void>;
  /** A phase begins; its steps are told as they are done. */
  readonly phase: (name: string) => Tell;
};

export type ReplaySettings = {
  /** Orders under way at the same time; most of them wait for reports that fell behind. */
  readonly ordersAtOnce: number;
  /** Of these, orders whose saga runs. */
  readonly sagasAtOnce: number;
  /**
   * The same at the beginning, one more for each that has ended: all that meet a shop which has
   * stood still start a sandbox of every function.
   */
  readonly sagasAtFirst: number;
  /** Webhooks on their way at the same time. */
  readonly sendingsAtOnce: number;
  /** Of one order, for its saga's end and again for its last report. */
  readonly wait: WaitSettings;
  readonly quiet: QuietSettings;
};

/** Everything the shop answered; in the plan's order. */
export type ReplayAnswers = {
  readonly runs: readonly OrderRun[];
  readonly read: readonly ReadOrder[];
  readonly stockBefore: ReadonlyMap<string, StockView>;
  readonly stockAfter: ReadonlyMap<string, StockView>;
  readonly counters: Counters;
  readonly sagaTransitions: number;
  /** From the first order placed to the last report applied. */
  readonly replaySeconds: number;
};

/** Throws `Failure`: `unexpected` (halt), naming every order that is stuck or was refused. */
export async function replay(props: ReplayProps): Promise<ReplayAnswers> {
  const { api, clock, metrics, plan, settings } = props;
  const skus = [...unitsBySku(plan).keys()];
  const stockBefore = await readStock(api, skus, props.phase("stock before"));
  const from = clock.now();
  const before = await readCounters(metrics, from);

  const startedAt = clock.now();
  const runs = await runOrders(props);
  const replaySeconds = (clock.now() - startedAt) / 1000;

  await resolvePoisoned(props, runs);
  const quiet = { read: metrics, clock, settings: settings.quiet };
  // Late repetitions are still on their way; what they could break is read only after them.
  props.phase("late repetitions");
  await quietCounters(quiet, from, before);
  const orderIds = runs.map(({ orderId }) => orderId);
  const read = await readOrders(api, orderIds, props.phase("read orders back"));
  const stockAfter = await readStock(api, skus, props.phase("read stock back"));
  props.phase("counters");
  const counters = await quietCounters(quiet, from, before);
  const happy = read.find(({ order }) => isHappy(order));
  return {
    runs,
    read,
    stockBefore,
    stockAfter,
    counters,
    sagaTransitions: happy === undefined ? 0 : await props.sagaTransitions(happy.order.orderId),
    replaySeconds,
  };
}

/** All decisions first, then what follows from them. */
async function resolvePoisoned(props: ReplayProps, runs: readonly OrderRun[]): Promise<void> {
  const { api, clock, plan, settings, resolve } = props;
  const poisoned = plan.flatMap(({ poison, reports }, index) => {
    const orderId = runs[index]?.orderId;
    return poison === undefined || orderId === undefined
      ? []
      : [{ orderId, poison, wanted: reports.length }];
  });
  if (resolve === undefined || poisoned.length === 0) return;
  const tell = props.phase("resolve halted streams");
  await mapConcurrently(poisoned, settings.sendingsAtOnce, ({ orderId, poison }) =>
    resolve(orderId, poison),
  );
  let done = 0;
  const pace = newPace();
  await mapConcurrently(poisoned, settings.sendingsAtOnce, async ({ orderId, wanted }) => {
    // What does not come to its end is for the judge.
    await waitUntil(
      { clock, settings: settings.wait, pace },
      () => api.order(orderId),
      ({ fulfilment }) => fulfilment.lastSequence >= wanted,
    );
    done += 1;
    tell(done, poisoned.length);
  });
}

/** Paid for without a detour. */
const isHappy = ({ payment, total }: OrderView): boolean =>
  payment.status === "captured" && !isAnsweredLate(total.amount as MinorUnits);

async function runOrders(props: ReplayProps): Promise<readonly OrderRun[]> {
  const { api, clock, plan, salt, settings } = props;
  const schedule = sendSchedule(settings.sendingsAtOnce);
  const inTurn = turnstile(settings.sagasAtOnce, settings.sagasAtFirst);
  let stopped = false;
  const orStop = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (stopped) throw new NotBegun("not begun");
    try {
      return await work();
    } catch (error) {
      stopped = true;
      throw error;
    }
  };
  // Inside its turn, so that the next one in line sees it.
  const sagas: Turnstile = (work) => inTurn(() => orStop(work));
  const paces = { saga: newPace(), reports: newPace() };
  const ports = { api, clock, schedule, sagas, wait: settings.wait, paces, salt };
  const tell = props.phase("replay");
  let done = 0;
  try {
    return await mapConcurrently(plan, settings.ordersAtOnce, async (planned) => {
      const run = await orStop(() => runOrder(ports, planned));
      done += 1;
      tell(done, plan.length);
      return run;
    });
  } catch (error) {
    throw error instanceof AggregateError ? allIn(error) : error;
  }
}

/** An order that was waiting for its turn when another one failed: nothing to tell. */
class NotBegun extends Error {
  override readonly name = "NotBegun";
}

const NAMED_MAX = 20;

function allIn({ errors }: AggregateError): Failure {
  const messages = errors
    .filter((error: unknown) => !(error instanceof NotBegun))
    .map((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const more = messages.length > NAMED_MAX ? `\n  and ${messages.length - NAMED_MAX} more` : "";
  return new Failure(
    "unexpected",
    "halt",
    `The replay was stopped:\n  ${messages.slice(0, NAMED_MAX).join("\n  ")}${more}`,
    { cause: errors[0] },
  );
}
