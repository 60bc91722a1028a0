/**
 * One schedule of the shop's sagas: orders are placed, their sagas run while faults last, then
 * everything has to end, with an operator who starts failed sagas again.
 */
import { METRICS } from "#contracts/metrics";
import { type Rng, seededRng } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import type { Commit } from "#messaging";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import type { CallTarget, KillMoment } from "#simulation/remote";
import type { Schedule, ScheduleResult } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import type { ExecutionEnd, ExecutionEvent } from "#simulation/state-machine/execution";
import { executions } from "#simulation/state-machine/executions";
import { type Journal, journal } from "../journal.ts";
import { SAGA_MS_MAX } from "./bounds.ts";
import { SAGA_FAULTS } from "./faults.ts";
import { invokerOf, type Network, networkOf, tellingRefusals } from "./invoking.ts";
import { type Ledger, ledger } from "./ledger.ts";
import { type SagaOperator, sagaOperator } from "./operator.ts";
import { changesOf, type Outbox, outbox } from "./outbox.ts";
import { unfinished } from "./order-rules.ts";
import { type People, people } from "./people.ts";
import type { SagaPlant } from "./plant.ts";
import { type Relayed, relayed } from "./relayed.ts";
import { type Inject, machineOf, refundMachine } from "./step-functions.ts";
import type { Machines } from "./saga-start.ts";
import { type Shop, shop } from "./shop.ts";
import { drawTraffic, type Traffic, type WantedOrder } from "./traffic.ts";
import { watchIndex } from "./watch-index.ts";

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
const REFUNDS_APART_MS = 500;
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
  readonly #machines: Machines;
  readonly #people: People;
  readonly #watch = watchIndex();
  readonly #relayed: Relayed;
  readonly #outbox: Outbox;
  readonly #traffic: Traffic;
  readonly #shop: Shop;
  readonly #operator: SagaOperator;
  readonly #journal: Journal;
  /** By order. */
  readonly #wanted = new Map<string, WantedOrder>();

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
    const isReadApart = this.#swarm.fires("items-apart");
    if (isReadApart) this.#swarm.happened("items-apart");
    const changes = changesOf(isReadApart);
    this.#shop = shop({
      traffic: this.#traffic,
      plant,
      ledger: this.#ledger,
      now: () => this.#scheduler.now(),
      at: (time, act) => this.#scheduler.at(time, act),
      changes,
      committed: (commit) => this.#committed(commit),
    });
    const network = this.#network();
    this.#machines = this.#stateMachines(network, plant);
    const reach = (branch: string): void => this.#journal.reach(branch);
    this.#relayed = relayed({ judge: this.#ledger.judge, reach, isReadApart });
    const place = { scheduler: this.#scheduler, swarm: this.#swarm, reach };
    this.#outbox = outbox({
      ...place,
      rng: rng.fork("outbox"),
      remote: network.remote,
      changes,
      machines: this.#machines,
      orders: this.#shop.stores.orders,
      plant,
      relayed: this.#relayed,
    });
    this.#people = people({
      scheduler: this.#scheduler,
      reach,
      plant,
      remote: network.remote,
      stores: this.#shop.stores,
      machines: this.#machines,
      watch: this.#watch,
    });
    this.#operator = sagaOperator({
      ...place,
      rng: rng.fork("operator"),
      ledger: this.#ledger,
      machines: this.#machines,
      people: this.#people,
      outbox: this.#outbox,
      watch: this.#watch,
    });
  }

  #stateMachines(network: Network, plant: SagaPlant): Machines {
    const rng = this.#rng;
    const running = {
      time: this.#scheduler,
      invoke: this.#invoker(network),
      onEnd: (name: string, end: ExecutionEnd) => this.#ended(name, end),
    };
    return {
      order: executions({
        ...running,
        machine: machineOf(plant),
        rng: rng.fork("executions"),
        observe: (event) => this.#observe(event, ""),
      }),
      refund: executions({
        ...running,
        machine: refundMachine,
        rng: rng.fork("refunds"),
        observe: (event) => this.#observe(event, "refund-"),
      }),
    };
  }

  async run(): Promise<ScheduleResult> {
    await this.#shop.receive();
    for (const [index, wanted] of this.#traffic.orders.entries()) {
      this.#scheduler.at(START + wanted.atMs, () => void this.#place(index, wanted));
    }
    const lasting = FAULTS_MS_MIN + this.#rng.fork("length").int(FAULTS_MS_MORE);
    this.#operator.meddleUntil(START + lasting);
    await this.#runUntil(() => false, START + lasting);
    await this.#finish();
    const breach = this.#ledger.breach();
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
      trace: breach !== undefined || this.#options.isTraced ? this.#journal.trace() : [],
    };
  }

  async #place(index: number, wanted: WantedOrder): Promise<void> {
    const orderId = await this.#shop.place(index);
    this.#wanted.set(orderId, wanted);
    const { cancel } = wanted;
    if (cancel === undefined || !("afterMs" in cancel)) return;
    this.#scheduler.after(cancel.afterMs, () => this.#people.cancel(orderId));
  }

  /** What people do as soon as that has happened to the order. */
  #happened(orderId: string, what: string): void {
    const { cancel, refunds = [] } = this.#wanted.get(orderId) ?? {};
    if (cancel !== undefined && "at" in cancel && cancel.at === what) {
      this.#scheduler.after(1, () => this.#people.cancel(orderId));
    }
    if (what !== "order.confirmed") return;
    for (const [index, amount] of refunds.entries()) {
      this.#scheduler.after(1 + index * REFUNDS_APART_MS, () =>
        this.#people.refund(orderId, amount, `refund-${index}`),
      );
    }
  }

  async #finish(): Promise<void> {
    this.#swarm.heal();
    this.#journal.note("world", "heals", "");
    this.#operator.repairAll();
    const { endsMsMax = SAGA_MS_MAX } = this.#options;
    await this.#runUntil(() => this.#isDone(), this.#scheduler.now() + endsMsMax);
    await this.#runUntil(() => false, this.#scheduler.now() + LATE_MS_MAX);
    for (const name of this.#running()) {
      this.#ledger.judge(`the saga ${name} goes on ${endsMsMax / 60_000} minutes later`);
    }
    this.#ledger.atEnd();
    this.#relayed.atEnd();
  }

  async #runUntil(isOver: () => boolean, until: number): Promise<void> {
    const isBroken = (): boolean => this.#ledger.breach() !== undefined;
    const end = await this.#scheduler.run(() => isBroken() || isOver(), until);
    if (end === "steps-used-up") this.#ledger.judge(`still busy after ${STEPS_MAX} steps`);
  }

  #running(): readonly string[] {
    return Object.values(this.#machines).flatMap((machine) =>
      machine.names().filter((name) => machine.status(name) === "RUNNING"),
    );
  }

  #isDone(): boolean {
    const orders = this.#ledger.orders();
    if (orders.length < this.#traffic.orders.length) return false;
    return orders.every((order) => unfinished(order) === undefined) && this.#running().length === 0;
  }

  #network(): Network {
    const { kills } = this.#options;
    return networkOf({
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: this.#rng,
      kills,
      note: (who, what, about) => this.#journal.note(who, what, about),
    });
  }

  #invoker(network: Network) {
    const { plant = {}, inject = () => undefined } = this.#options;
    return invokerOf({
      ...network,
      machines: () => this.#machines,
      stores: this.#shop.stores,
      scheduler: this.#scheduler,
      swarm: this.#swarm,
      rng: this.#rng,
      plant,
      inject: tellingRefusals(inject, this.#ledger),
      count: (metric) => {
        if (metric === METRICS.paymentLookups) this.#journal.reach("looked-up");
      },
      note: (what, about) => this.#journal.note("states", what, about),
    });
  }

  #committed(commit: Commit): void {
    this.#ledger.committed(commit);
    this.#relayed.committed(commit);
    this.#watch.committed(commit, this.#scheduler.now());
    const tell = (): void => {
      for (const { type } of commit.events) this.#happened(commit.stream, type);
    };
    if (commit.number === 1) this.#operator.placed(commit);
    // What is wanted of a new order is known when it is placed.
    if (commit.number === 1) this.#scheduler.after(1, tell);
    else tell();
    this.#outbox.wake();
  }

  #observe(event: ExecutionEvent, of: "" | "refund-"): void {
    this.#journal.note(`${of}saga`, event.kind, event);
    if (event.kind === "entered") {
      this.#journal.reach(`${of}state-${event.state}`);
      // Where there is one order, it is the one that is meant.
      for (const orderId of this.#wanted.keys()) this.#happened(orderId, event.state);
    } else if (event.kind === "caught") {
      this.#journal.reach(`${of}caught-${event.state}-${event.next}`);
    } else this.#journal.reach(`${event.kind}-${event.error}`);
  }

  #ended(name: string, end: ExecutionEnd): void {
    this.#journal.note(name, "ends", end);
    this.#journal.reach(end.status === "FAILED" ? "needs-attention" : "succeeded");
    if (end.status === "FAILED" && end.error !== "NeedsAttention") {
      this.#ledger.judge(`the saga ${name} failed with ${end.error}: ${end.cause}`);
    }
  }
}
