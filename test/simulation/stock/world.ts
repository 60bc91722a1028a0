/**
 * One schedule of the stock: buyers hold, commit, ship and give back, a clock ends what is due, and
 * an operator corrects the stock and sets shards; while faults last, and until everything has
 * ended.
 */
import { memoryStockItems } from "#adapters/memory/stock-items";
import { type Rng, seededRng } from "#kernel/rng";
import { type EpochMs, later, milliseconds } from "#kernel/units";
import { expireHolds } from "#services/inventory/expire-holds";
import { setShards } from "#services/inventory/set-shards";
import { shardedStock } from "#services/inventory/sharded-stock";
import { type FaultSwarm, faultSwarm } from "#simulation/faults";
import { HOST_FAULTS } from "#simulation/lambda-host";
import { HANG_FAULTS, remote, REMOTE_FAULTS } from "#simulation/remote";
import type { Schedule, ScheduleResult } from "#simulation/scenario";
import { type Scheduler, scheduler } from "#simulation/scheduler";
import { type Journal, journal } from "../journal.ts";
import { type StockFunctions, stockFunctions, type TaskAnswer } from "./functions.ts";
import { HAND_OVER_FAULTS, type HandOvers, stockHandOvers } from "./hand-overs.ts";
import { INVARIANT, type StockJudge, stockJudge } from "./judge.ts";
import type { StockPlant } from "./plant.ts";
import { type Buyer, BUYER_FAULTS, type Correction, drawTraffic, type Traffic } from "./traffic.ts";

export const STOCK_FAULTS = {
  ...REMOTE_FAULTS,
  ...HANG_FAULTS,
  ...HOST_FAULTS,
  ...BUYER_FAULTS,
  ...HAND_OVER_FAULTS,
};

export type StockWorldOptions = {
  readonly schedule: Schedule;
  readonly plant?: StockPlant;
  readonly isTraced?: boolean;
};

/** 2026-01-01T00:00:00Z */
const START = 1_767_225_600_000 as EpochMs;
const STEPS_MAX = 50_000;
const FAULTS_MS = 60_000;
const EXPIRY_EVERY_MS = 5_000;
/** Everybody has an answer, and nothing is due any more, so long after the last fault. */
const DRAIN_MS_MAX = 300_000;
/** As long as one thought about buying, divided by this, until one cancels what has just left. */
const CARRIER_HASTE = 8;
/** Until whatever is still under way has landed: paused sandboxes, late writes. */
const LATE_MS_MAX = 130_000;

export const runStock = (options: StockWorldOptions): Promise<ScheduleResult> =>
  new StockWorld(options).run();

class StockWorld {
  readonly #options: StockWorldOptions;
  readonly #rng: Rng;
  readonly #swarm: FaultSwarm;
  readonly #scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #judge: StockJudge;
  readonly #functions: StockFunctions;
  readonly #handOvers: HandOvers;
  readonly #traffic: Traffic;
  /** Of the holds that buyers asked for. */
  readonly #ends = new Map<string, number>();
  #waiting = 0;
  #isOver = false;

  constructor(options: StockWorldOptions) {
    const { schedule, plant = {} } = options;
    this.#options = options;
    this.#rng = seededRng(schedule.seed);
    const rng = this.#rng;
    this.#swarm = faultSwarm(rng.fork("faults"), schedule, STOCK_FAULTS);
    this.#scheduler = scheduler(START, STEPS_MAX);
    this.#journal = journal(START, () => this.#scheduler.now());
    this.#traffic = drawTraffic(rng.fork("traffic"), this.#swarm);
    const table = memoryStockItems();
    this.#judge = stockJudge({
      table,
      steps: () => this.#scheduler.steps(),
      endOf: (orderId) => this.#ends.get(orderId) ?? 0,
      onWrite: (what, about) => {
        this.#journal.reach(what);
        this.#journal.note("table", what, about);
      },
    });
    const { items } = this.#judge;
    const place = { scheduler: this.#scheduler, swarm: this.#swarm };
    this.#functions = stockFunctions({
      ...place,
      rng: rng.fork("functions"),
      remote: remote({
        ...place,
        rng: rng.fork("remote"),
        onTrouble: ({ name }, { port, subject }, fault) =>
          this.#journal.note(name, `${fault} at ${port} of`, subject),
      }),
      table: { ...(plant.table?.(items) ?? items), due: (...asked) => table.due(...asked) },
      plant,
      reach: (branch) => this.#journal.reach(branch),
    });
    this.#handOvers = stockHandOvers({
      ...place,
      rng: rng.fork("hand-overs"),
      functions: this.#functions,
      judge: this.#judge,
      plant,
      reach: (branch) => this.#journal.reach(branch),
    });
  }

  async run(): Promise<ScheduleResult> {
    await this.#receive();
    for (const buyer of this.#traffic.buyers) this.#at(buyer.atMs, () => this.#buy(buyer));
    for (const each of this.#traffic.corrections) this.#at(each.atMs, () => this.#correct(each));
    this.#expireAgain();
    await this.#runUntil(() => false, START + FAULTS_MS);
    this.#swarm.heal();
    this.#journal.note("world", "heals", "");
    await this.#runUntil(() => this.#waiting === 0, this.#scheduler.now() + DRAIN_MS_MAX);
    if (this.#waiting > 0) {
      this.#judge.judge(INVARIANT.drains, `${this.#waiting} wait ${DRAIN_MS_MAX / 60_000} minutes`);
    }
    await this.#runUntil(() => false, this.#scheduler.now() + LATE_MS_MAX);
    this.#isOver = true;
    this.#handOvers.redrive();
    await this.#runUntil(() => this.#handOvers.isQuiet(), this.#scheduler.now() + DRAIN_MS_MAX);
    this.#handOvers.atEnd();
    await this.#sellOut();
    return this.#result();
  }

  #result(): ScheduleResult {
    const breach = this.#judge.breach();
    const isTraced = breach !== undefined || this.#options.isTraced === true;
    return {
      seed: this.#options.schedule.seed,
      faults: this.#swarm.faults,
      steps: this.#scheduler.steps(),
      virtualMs: this.#scheduler.now() - START,
      applied: this.#judge.writes(),
      decisions: this.#swarm.decisions(),
      fired: this.#swarm.fired(),
      branches: this.#journal.branches(),
      ...(breach === undefined ? {} : { breach }),
      trace: isTraced ? this.#journal.trace() : [],
    };
  }

  /** Before anything can go wrong. */
  async #receive(): Promise<void> {
    const stock = this.#nearStock();
    for (const [sku, units] of Object.entries(this.#traffic.stock)) {
      await stock.receive(sku, units);
    }
  }

  /** At the table itself, with nothing between. */
  #nearStock() {
    return shardedStock({ items: this.#judge.items, rng: this.#rng.fork("near") });
  }

  #at(atMs: number, act: () => Promise<unknown>): void {
    this.#waiting += 1;
    this.#scheduler.at(START + atMs, () => {
      void act().then(() => {
        this.#waiting -= 1;
      });
    });
  }

  async #runUntil(isOver: () => boolean, until: number): Promise<void> {
    const isBroken = (): boolean => this.#judge.breach() !== undefined;
    const end = await this.#scheduler.run(() => isBroken() || isOver(), until);
    if (end === "steps-used-up") {
      this.#judge.judge(INVARIANT.drains, `still busy after ${STEPS_MAX} steps`);
    }
  }

  async #buy(buyer: Buyer): Promise<void> {
    const { orderId, lines, ends } = buyer;
    if (buyer.releasesEarly) void this.#release(buyer);
    const expiresAt = later(this.#scheduler.now(), milliseconds(buyer.holdMs));
    this.#ends.set(orderId, expiresAt);
    const mark = this.#judge.mark();
    const reserved = await this.#step(buyer, ({ stock }) =>
      stock.reserve(orderId, lines, expiresAt),
    );
    const { kind = "nothing" } = (reserved ?? {}) as { readonly kind?: string };
    this.#journal.reach(`told-${kind}`);
    if (kind === "out-of-stock") this.#judge.outOfStock(mark, lines);
    if (kind === "scattered") this.#judge.judge(INVARIANT.units, `${orderId} is told scattered`);
    if (ends === "is-lost") return;
    if (kind !== "reserved" && kind !== "already-reserved") return this.#release(buyer);
    await this.#scheduler.clock.sleep(milliseconds(buyer.thinksMs));
    const answer = await this.#step(buyer, ({ stock }, now) => stock.commit(orderId, now));
    this.#journal.reach(`told-${String(answer)}`);
    if (answer !== "committed" || ends === "releases") return this.#release(buyer);
    if (ends === "keeps") return undefined;
    const leaves = this.#handOvers.leave(orderId);
    if (ends === "ships") return leaves;
    await this.#scheduler.clock.sleep(milliseconds(buyer.thinksMs / CARRIER_HASTE));
    return this.#release(buyer);
  }

  async #release(buyer: Buyer): Promise<void> {
    const { orderId } = buyer;
    const answer = await this.#step(buyer, ({ stock }, now) => stock.release(orderId, now));
    this.#journal.reach(`told-release-${String(answer)}`);
    if (answer !== undefined && answer !== "shipped") this.#judge.toldReleased(orderId);
  }

  /** A twin's answer is nobody's business. */
  async #step(buyer: Buyer, task: Parameters<StockFunctions["once"]>[0]): Promise<unknown> {
    if (buyer.sendsTwins) this.#functions.once(task);
    return this.#answerOf(await this.#functions.untilAnswered(task));
  }

  #answerOf(answer: TaskAnswer | undefined): unknown {
    if (answer?.kind === "answer") return answer.answer;
    this.#judge.judge(INVARIANT.drains, `a step ended with ${answer?.code ?? "no answer"}`);
    return undefined;
  }

  async #correct(correction: Correction): Promise<void> {
    const { id, sku, kind } = correction;
    switch (kind) {
      case "shards":
        await this.#functions.untilAnswered(({ items }) =>
          setShards(items, { sku, shards: correction.shards }),
        );
        return;
      case "receive":
        await this.#functions.untilAnswered(({ stock }) => stock.receive(sku, correction.level));
        return;
      case "adjust": {
        const { delta } = correction;
        const end = await this.#functions.untilAnswered(({ adjustments }, now) =>
          adjustments.adjust({ id, sku, delta, reason: id, adjustedAt: now }),
        );
        const answer = this.#answerOf(end) as { readonly kind?: string } | undefined;
        this.#journal.reach(`told-adjust-${answer?.kind}`);
        return;
      }
      default:
        return kind satisfies never;
    }
  }

  /** A schedule waits for nobody: one may begin while the one before is still at it. */
  #expireAgain(): void {
    if (this.#isOver) return;
    this.#functions.once(({ items }, now) =>
      expireHolds({ items, holds: items, count: () => undefined }, now),
    );
    this.#scheduler.after(EXPIRY_EVERY_MS, () => this.#expireAgain());
  }

  /** What is left can be sold to the last unit, wherever it lies; and nothing is held too long. */
  async #sellOut(): Promise<void> {
    if (this.#judge.breach() !== undefined) return;
    for (const { orderId } of this.#traffic.buyers) {
      if (this.#judge.statusOf(orderId) === "held") {
        this.#judge.judge(INVARIANT.holds, `${orderId} is held for ever`);
      }
    }
    const stock = this.#nearStock();
    for (const sku of Object.keys(this.#traffic.stock)) {
      const quantity = this.#judge.available(sku);
      if (quantity === 0) continue;
      const all = await stock.reserve(`all-${sku}`, [{ sku, quantity }], START);
      const more = await stock.reserve(`more-${sku}`, [{ sku, quantity: 1 }], START);
      if (all.kind === "reserved" && more.kind === "out-of-stock") continue;
      this.#judge.judge(INVARIANT.units, `the last ${quantity} ${sku}: ${all.kind}, ${more.kind}`);
    }
  }
}
