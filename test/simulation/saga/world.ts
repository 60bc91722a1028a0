/**
 * One schedule of the shop's sagas: orders are placed, their sagas run while faults last, then
 * everything has to end, with an operator who starts failed sagas again.
 */
import { memoryCatalogue } from "#adapters/memory/catalogue";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryPaymentProvider } from "#adapters/memory/payment-provider";
import { memoryPaymentSteps } from "#adapters/memory/payment-steps";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { METRICS } from "#contracts/metrics";
import type { Json } from "#kernel/json";
import { fnv1a, type Rng, seededRng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import type { Commit } from "#messaging";
import { placeOrder } from "#services/orders/usecases/place-order";
import { changeStream } from "#simulation/change-stream";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import { HOST_FAULTS, type LambdaHost, lambdaHost } from "#simulation/lambda-host";
import { type CallTarget, type KillMoment, remote, REMOTE_FAULTS } from "#simulation/remote";
import type { Schedule, ScheduleResult } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import type { ExecutionEnd, ExecutionEvent } from "#simulation/state-machine/execution";
import { type Executions, executions } from "#simulation/state-machine/executions";
import { simulatedTable } from "#simulation/table";
import {
  type FunctionAnswer,
  startFunction,
  TASK_TIMEOUT_MS,
  type TaskFunctionName,
} from "./functions.ts";
import { type Ledger, ledger, type OrderTruth } from "./ledger.ts";
import { type Outbox, outbox, OUTBOX_FAULTS } from "./outbox.ts";
import type { SagaPlant } from "./plant.ts";
import { PROVIDER_FAULTS, providerWire } from "./provider-wire.ts";
import { type Inject, INVOCATION_FAULTS, machineOf, taskInvoker } from "./step-functions.ts";
import { watchedStores } from "./stores.ts";
import { drawTraffic, PRICES, type Traffic } from "./traffic.ts";

const WORLD_FAULTS = {
  "resent-event": [0.1, 0.6],
  "hasty-repair": [0.2, 1],
  "forgotten-run": [0.05, 0.3],
} as const;

export const SAGA_FAULTS = {
  ...REMOTE_FAULTS,
  ...HOST_FAULTS,
  ...PROVIDER_FAULTS,
  ...INVOCATION_FAULTS,
  ...OUTBOX_FAULTS,
  ...WORLD_FAULTS,
};

export type SagaWorldOptions = {
  readonly schedule: Schedule;
  readonly plant?: SagaPlant;
  /** Absent: drawn. */
  readonly traffic?: Traffic;
  /** In the place of the swarm's own kills. */
  readonly kills?: (target: CallTarget, moment: KillMoment) => boolean;
  readonly inject?: Inject;
  /** How long the sagas may take after the last fault. Default: an hour. */
  readonly endsMsMax?: number;
  readonly isTraced?: boolean;
};

/** 2026-01-01T00:00:00Z */
const START = 1_767_225_600_000 as EpochMs;
const STEPS_MAX = 50_000;
const FAULTS_MS_MIN = 30_000;
const FAULTS_MS_MORE = 210_000;
const MEDDLE_EVERY_MS = 5_000;
const SKEW_MS_MAX = 60_000;
/** Every saga ends so long after the last fault; a retry alone may wait for five minutes. */
const ENDS_MS_MAX = 3_600_000;
/** How often an operator looks for sagas that failed. */
const REPAIR_EVERY_MS = 60_000;
/** New runs of one order: while faults last, and in all. */
const HASTY_REPAIRS_MAX = 3;
const REPAIRS_MAX = 6;
/** Until whatever is still under way has landed: paused functions, late writes. */
const LATE_MS_MAX = 200_000;

export const runSagas = (options: SagaWorldOptions): Promise<ScheduleResult> =>
  new SagaWorld(options).run();

class SagaWorld {
  readonly #options: SagaWorldOptions;
  readonly #rng: Rng;
  readonly #swarm: FaultSwarm;
  readonly #scheduler: Scheduler;
  readonly #ledger: Ledger;
  readonly #executions: Executions;
  readonly #outbox: Outbox;
  readonly #traffic: Traffic;
  readonly #place: (index: number) => Promise<unknown>;
  readonly #placed: Commit[] = [];
  readonly #repairs = new Map<string, number>();
  readonly #branches: Record<string, number> = {};
  readonly #notes: (readonly [at: number, who: string, what: unknown])[] = [];
  readonly #receive: () => Promise<unknown>;
  #resent = 0;

  constructor(options: SagaWorldOptions) {
    const { schedule, plant = {} } = options;
    this.#options = options;
    this.#rng = seededRng(schedule.seed);
    const rng = this.#rng;
    this.#swarm = faultSwarm(rng.fork("faults"), schedule, SAGA_FAULTS);
    this.#scheduler = scheduler(START, STEPS_MAX);
    this.#traffic = options.traffic ?? drawTraffic(rng.fork("traffic"));
    const { orders, stock } = this.#traffic;
    this.#ledger = ledger({
      stock,
      steps: () => this.#scheduler.steps(),
      onEffect: (what, orderId) => {
        this.#reach(what);
        this.#note(orderId, what);
      },
    });
    const changes = changeStream({ hash: fnv1a });
    const table = simulatedTable({
      now: () => this.#scheduler.now(),
      changes,
      witness: (writes) => {
        for (const { text = "{}" } of writes) this.#committed(JSON.parse(text) as Commit);
      },
    });
    const memory = {
      orders: memoryEventStore(table),
      stock: memoryStockStore(),
      steps: memoryPaymentSteps(),
      provider: memoryPaymentProvider(),
    };
    this.#receive = () =>
      Promise.all(Object.entries(stock).map(([sku, count]) => memory.stock.receive(sku, count)));
    this.#place = (index) =>
      placeOrder(
        { catalogue: memoryCatalogue(PRICES), store: memory.orders },
        {
          caller: { id: "ann", scopes: [] },
          route: "POST /v1/orders",
          idempotencyKey: `order-${index}`,
          body: { lines: [...(orders[index]?.lines ?? [])] },
          now: this.#scheduler.now(),
        },
      );
    const skus = Object.keys(stock);
    const stores = watchedStores({ ...memory, plant, ledger: this.#ledger, skus });
    const network = this.#network();
    const hosts = this.#hosts((name, process) =>
      startFunction(name, process, {
        stores,
        scheduler: this.#scheduler,
        ...network,
        plant,
        count: (metric) => {
          if (metric === METRICS.paymentLookups) this.#reach("looked-up");
        },
      }),
    );
    this.#executions = executions({
      machine: machineOf(plant),
      time: this.#scheduler,
      rng: rng.fork("executions"),
      invoke: taskInvoker({
        scheduler: this.#scheduler,
        swarm: this.#swarm,
        rng: rng.fork("invocations"),
        hosts,
        inject: options.inject ?? (() => undefined),
        note: (what, about) => this.#note("states", `${what}: ${about}`),
      }),
      observe: (event) => this.#observe(event),
      onEnd: (name, end) => this.#ended(name, end),
    });
    this.#outbox = outbox({
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: rng.fork("outbox"),
      remote: network.remote,
      changes,
      executions: this.#executions,
      reach: (branch) => this.#reach(branch),
    });
  }

  async run(): Promise<ScheduleResult> {
    await this.#receive();
    for (const [index, { atMs }] of this.#traffic.orders.entries()) {
      this.#scheduler.at(START + atMs, () => void this.#place(index));
    }
    const lasting = FAULTS_MS_MIN + this.#rng.fork("length").int(FAULTS_MS_MORE);
    const meddler = this.#rng.fork("meddler");
    for (let atMs = MEDDLE_EVERY_MS; atMs < lasting; atMs += MEDDLE_EVERY_MS) {
      this.#scheduler.at(START + atMs, () => this.#meddle(meddler));
    }
    await this.#runUntil(() => false, START + lasting);
    await this.#finish();
    const breach = this.#ledger.breach();
    const isTraced = breach !== undefined || this.#options.isTraced === true;
    return {
      seed: this.#options.schedule.seed,
      faults: this.#swarm.faults,
      steps: this.#scheduler.steps(),
      virtualMs: this.#scheduler.now() - START,
      applied: this.#ledger.effects(),
      decisions: this.#swarm.decisions(),
      fired: this.#swarm.fired(),
      branches: { ...this.#branches },
      ...(breach === undefined ? {} : { breach }),
      trace: isTraced ? this.#trace() : [],
    };
  }

  async #finish(): Promise<void> {
    this.#swarm.heal();
    this.#note("world", "heals");
    this.#outbox.repair();
    const repair = (): void => {
      this.#repairFailed(REPAIRS_MAX);
      this.#outbox.repair();
      this.#scheduler.after(REPAIR_EVERY_MS, repair);
    };
    this.#scheduler.after(REPAIR_EVERY_MS, repair);
    const { endsMsMax = ENDS_MS_MAX } = this.#options;
    await this.#runUntil(() => this.#isDone(), this.#scheduler.now() + endsMsMax);
    await this.#runUntil(() => false, this.#scheduler.now() + LATE_MS_MAX);
    for (const name of this.#running()) {
      this.#ledger.judge(`the saga ${name} goes on ${endsMsMax / 60_000} minutes later`);
    }
    this.#ledger.atEnd();
  }

  async #runUntil(isOver: () => boolean, until: number): Promise<void> {
    const isBroken = (): boolean => this.#ledger.breach() !== undefined;
    const end = await this.#scheduler.run(() => isBroken() || isOver(), until);
    if (end === "steps-used-up") this.#ledger.judge(`still busy after ${STEPS_MAX} steps`);
  }

  #running(): readonly string[] {
    return this.#executions.names().filter((name) => this.#executions.status(name) === "RUNNING");
  }

  #isDone(): boolean {
    const orders = this.#ledger.orders();
    if (orders.length < this.#traffic.orders.length) return false;
    return orders.every(({ status }) => status !== "placed") && this.#running().length === 0;
  }

  /** "Every step may be repeated, so a new run goes on from here." */
  #repairFailed(repairsMax: number): boolean {
    const failed = this.#ledger.orders().filter((order) => this.#hasFailed(order));
    for (const { orderId } of failed) {
      const number = (this.#repairs.get(orderId) ?? 0) + 1;
      if (number > repairsMax) continue;
      this.#repairs.set(orderId, number);
      this.#reach("repaired");
      this.#executions.start(`${orderId}-r${number}`, { orderId });
    }
    return failed.length > 0;
  }

  #hasFailed({ orderId, status }: OrderTruth): boolean {
    const runs = this.#runsOf(orderId);
    return status === "placed" && runs.length > 0 && runs.every((run) => run === "FAILED");
  }

  #runsOf(orderId: string): readonly (string | undefined)[] {
    const runs = this.#executions.names().filter((name) => name.startsWith(orderId));
    return runs.map((name) => this.#executions.status(name));
  }

  #meddle(rng: Rng): void {
    const hits = (fault: keyof typeof WORLD_FAULTS): boolean => this.#swarm.fires(fault);
    if (hits("hasty-repair") && this.#repairFailed(HASTY_REPAIRS_MAX)) {
      this.#swarm.happened("hasty-repair");
    }
    const commit = this.#placed[rng.int(Math.max(1, this.#placed.length))];
    if (commit === undefined) return;
    const orderId = commit.stream;
    if (hits("resent-event")) {
      this.#swarm.happened("resent-event");
      this.#resent += 1;
      this.#outbox.resend(commit, `resent-${this.#resent}`);
    }
    const runs = this.#runsOf(orderId);
    const hasEnded = runs.includes("SUCCEEDED") && !runs.includes("RUNNING");
    if (hasEnded && hits("forgotten-run")) {
      this.#swarm.happened("forgotten-run");
      this.#executions.forget(orderId);
      this.#executions.start(orderId, { orderId });
    }
  }

  #network() {
    const { kills } = this.#options;
    const onTrouble = (process: { readonly name: string }, target: CallTarget, fault: string) =>
      this.#note(process.name, `${fault} at ${target.port} of ${target.subject}`);
    const dies = (): boolean => {
      if (!this.#swarm.fires("kill")) return false;
      this.#swarm.happened("kill");
      return true;
    };
    const common = { scheduler: this.#scheduler, swarm: this.#swarm, onTrouble };
    return {
      remote: remote({
        ...common,
        rng: this.#rng.fork("remote"),
        ...(kills === undefined ? {} : { kills }),
      }),
      providerWire: providerWire({
        ...common,
        rng: this.#rng.fork("provider"),
        kills: kills ?? dies,
      }),
    };
  }

  #hosts(
    start: (
      name: TaskFunctionName,
      process: Parameters<typeof startFunction>[1],
    ) => ReturnType<typeof startFunction>,
  ): Readonly<Record<TaskFunctionName, LambdaHost<Json, FunctionAnswer>>> {
    const host = (name: TaskFunctionName): LambdaHost<Json, FunctionAnswer> =>
      lambdaHost<Json, FunctionAnswer>({
        scheduler: this.#scheduler,
        swarm: this.#swarm,
        rng: this.#rng.fork(name),
        timeoutMs: TASK_TIMEOUT_MS,
        skewMsMax: SKEW_MS_MAX,
        start: (process) => start(name, process),
      });
    return {
      OrderTasks: host("OrderTasks"),
      StockTasks: host("StockTasks"),
      PaymentTasks: host("PaymentTasks"),
    };
  }

  #committed(commit: Commit): void {
    this.#ledger.committed(commit);
    if (commit.number === 1) this.#placed.push(commit);
    this.#scheduler.after(0, () => this.#outbox.wake());
  }

  #observe(event: ExecutionEvent): void {
    this.#note("saga", event);
    if (event.kind === "entered") this.#reach(`state-${event.state}`);
    else if (event.kind === "caught") this.#reach(`caught-${event.state}-${event.next}`);
    else this.#reach(`${event.kind}-${event.error}`);
  }

  #ended(name: string, end: ExecutionEnd): void {
    this.#note(name, end);
    this.#reach(end.status === "FAILED" ? "needs-attention" : "succeeded");
    if (end.status === "FAILED" && end.error !== "NeedsAttention") {
      this.#ledger.judge(`the saga ${name} failed with ${end.error}: ${end.cause}`);
    }
  }

  #reach(branch: string): void {
    this.#branches[branch] = (this.#branches[branch] ?? 0) + 1;
  }

  /** Objects are kept while a schedule runs and written out only when somebody reads them. */
  #note(who: string, what: unknown): void {
    this.#notes.push([this.#scheduler.now(), who, what]);
  }

  #trace(): readonly string[] {
    return this.#notes.map(
      ([at, who, what]) => `${String(at - START).padStart(7)} ${who} ${textOf(what)}`,
    );
  }
}

const textOf = (what: unknown): string => (typeof what === "string" ? what : JSON.stringify(what));
