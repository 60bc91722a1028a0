/**
 * One schedule of the shop's sagas: orders are placed, their sagas run while faults last, then
 * everything has to end, with an operator who starts failed sagas again.
 */
import { METRICS } from "#contracts/metrics";
import type { Json } from "#kernel/json";
import { fnv1a, type Rng, seededRng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import type { Commit } from "#messaging";
import { changeStream } from "#simulation/change-stream";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import { HOST_FAULTS, type LambdaHost, lambdaHost } from "#simulation/lambda-host";
import { type CallTarget, type KillMoment, remote, REMOTE_FAULTS } from "#simulation/remote";
import type { Schedule, ScheduleResult } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import type { ExecutionEnd, ExecutionEvent } from "#simulation/state-machine/execution";
import { type Executions, executions } from "#simulation/state-machine/executions";
import { type Journal, journal } from "../journal.ts";
import {
  type FunctionAnswer,
  type FunctionsOptions,
  startFunction,
  TASK_TIMEOUT_MS,
  type TaskFunctionName,
} from "./functions.ts";
import { type Ledger, ledger } from "./ledger.ts";
import { OPERATOR_FAULTS, type SagaOperator, sagaOperator } from "./operator.ts";
import { type Outbox, outbox, OUTBOX_FAULTS } from "./outbox.ts";
import type { SagaPlant } from "./plant.ts";
import { PROVIDER_FAULTS, providerWire } from "./provider-wire.ts";
import { type Inject, INVOCATION_FAULTS, machineOf, taskInvoker } from "./step-functions.ts";
import { type Shop, shop } from "./shop.ts";
import { drawTraffic, type Traffic } from "./traffic.ts";

export const SAGA_FAULTS = {
  ...REMOTE_FAULTS,
  ...HOST_FAULTS,
  ...PROVIDER_FAULTS,
  ...INVOCATION_FAULTS,
  ...OUTBOX_FAULTS,
  ...OPERATOR_FAULTS,
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
const SKEW_MS_MAX = 60_000;
/** Every saga ends so long after the last fault; a retry alone may wait for five minutes. */
const ENDS_MS_MAX = 3_600_000;
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
  readonly #shop: Shop;
  readonly #operator: SagaOperator;
  readonly #journal: Journal;

  constructor(options: SagaWorldOptions) {
    const { schedule, plant = {} } = options;
    this.#options = options;
    this.#rng = seededRng(schedule.seed);
    const rng = this.#rng;
    this.#swarm = faultSwarm(rng.fork("faults"), schedule, SAGA_FAULTS);
    this.#scheduler = scheduler(START, STEPS_MAX);
    this.#journal = journal(START, () => this.#scheduler.now());
    this.#traffic = options.traffic ?? drawTraffic(rng.fork("traffic"));
    this.#ledger = ledger({
      stock: this.#traffic.stock,
      steps: () => this.#scheduler.steps(),
      onEffect: (what, orderId) => {
        this.#journal.reach(what);
        this.#journal.note(orderId, what, "");
      },
    });
    const changes = changeStream({ hash: fnv1a });
    this.#shop = shop({
      traffic: this.#traffic,
      plant,
      ledger: this.#ledger,
      now: () => this.#scheduler.now(),
      changes,
      committed: (commit) => this.#committed(commit),
    });
    const network = this.#network();
    this.#executions = executions({
      machine: machineOf(plant),
      time: this.#scheduler,
      rng: rng.fork("executions"),
      invoke: this.#invoker(network),
      observe: (event) => this.#observe(event),
      onEnd: (name, end) => this.#ended(name, end),
    });
    const reach = (branch: string): void => this.#journal.reach(branch);
    const place = { scheduler: this.#scheduler, swarm: this.#swarm, reach };
    this.#outbox = outbox({
      ...place,
      rng: rng.fork("outbox"),
      remote: network.remote,
      changes,
      executions: this.#executions,
    });
    this.#operator = sagaOperator({
      ...place,
      rng: rng.fork("operator"),
      ledger: this.#ledger,
      executions: this.#executions,
      outbox: this.#outbox,
    });
  }

  async run(): Promise<ScheduleResult> {
    await this.#shop.receive();
    for (const [index, { atMs }] of this.#traffic.orders.entries()) {
      this.#scheduler.at(START + atMs, () => void this.#shop.place(index));
    }
    const lasting = FAULTS_MS_MIN + this.#rng.fork("length").int(FAULTS_MS_MORE);
    this.#operator.meddleUntil(START + lasting);
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
      branches: this.#journal.branches(),
      ...(breach === undefined ? {} : { breach }),
      trace: isTraced ? this.#journal.trace() : [],
    };
  }

  async #finish(): Promise<void> {
    this.#swarm.heal();
    this.#journal.note("world", "heals", "");
    this.#operator.repairAll();
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

  #network(): Pick<FunctionsOptions, "remote" | "providerWire"> {
    const { kills } = this.#options;
    const onTrouble = (process: { readonly name: string }, target: CallTarget, fault: string) =>
      this.#journal.note(process.name, `${fault} at ${target.port} of`, target.subject);
    const dies = (): boolean => {
      if (!this.#swarm.fires("kill")) return false;
      this.#swarm.happened("kill");
      return true;
    };
    const place = { scheduler: this.#scheduler, swarm: this.#swarm, onTrouble };
    return {
      remote: remote({
        ...place,
        rng: this.#rng.fork("remote"),
        ...(kills === undefined ? {} : { kills }),
      }),
      providerWire: providerWire({
        ...place,
        rng: this.#rng.fork("provider"),
        kills: kills ?? dies,
      }),
    };
  }

  #invoker(network: Pick<FunctionsOptions, "remote" | "providerWire">) {
    const { plant = {}, inject = () => undefined } = this.#options;
    const options: FunctionsOptions = {
      stores: this.#shop.stores,
      scheduler: this.#scheduler,
      ...network,
      plant,
      count: (metric) => {
        if (metric === METRICS.paymentLookups) this.#journal.reach("looked-up");
      },
    };
    const host = (name: TaskFunctionName): LambdaHost<Json, FunctionAnswer> =>
      lambdaHost<Json, FunctionAnswer>({
        scheduler: this.#scheduler,
        swarm: this.#swarm,
        rng: this.#rng.fork(name),
        timeoutMs: TASK_TIMEOUT_MS,
        skewMsMax: SKEW_MS_MAX,
        start: (process) => startFunction(name, process, options),
      });
    return taskInvoker({
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: this.#rng.fork("invocations"),
      hosts: {
        OrderTasks: host("OrderTasks"),
        StockTasks: host("StockTasks"),
        PaymentTasks: host("PaymentTasks"),
      },
      inject,
      note: (what, about) => this.#journal.note("states", what, about),
    });
  }

  #committed(commit: Commit): void {
    this.#ledger.committed(commit);
    if (commit.number === 1) this.#operator.placed(commit);
    this.#scheduler.after(0, () => this.#outbox.wake());
  }

  #observe(event: ExecutionEvent): void {
    this.#journal.note("saga", event.kind, event);
    if (event.kind === "entered") this.#journal.reach(`state-${event.state}`);
    else if (event.kind === "caught") this.#journal.reach(`caught-${event.state}-${event.next}`);
    else this.#journal.reach(`${event.kind}-${event.error}`);
  }

  #ended(name: string, end: ExecutionEnd): void {
    this.#journal.note(name, "ends", end);
    this.#journal.reach(end.status === "FAILED" ? "needs-attention" : "succeeded");
    if (end.status === "FAILED" && end.error !== "NeedsAttention") {
      this.#ledger.judge(`the saga ${name} failed with ${end.error}: ${end.cause}`);
    }
  }
}
