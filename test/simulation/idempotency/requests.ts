/**
 * What callers ask for in a schedule: pieces of work under every strategy, each asked for several
 * times, at any distance from one another.
 */
import { type EpochMs, isoInstant } from "#kernel/units";
import { type Rng, shuffled } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "#simulation/faults";

export const STRATEGIES = ["message-id", "version", "timestamp", "content-hash"] as const;
export type StrategyName = (typeof STRATEGIES)[number];

/** A piece of work as its sender means it, known without asking the library. */
export type Work = {
  readonly strategy: StrategyName;
  /** What shares one key. */
  readonly entity: string;
  /** Where it stands among others of its entity; 0 where the strategy knows no rank. */
  readonly rank: number;
  readonly payload: string;
};

export type Input = {
  readonly id: string;
  readonly version: number;
  /** As a sender may write it: RFC 3339, or milliseconds since the epoch. */
  readonly time: string | number;
  readonly body: Readonly<Record<string, string | number>>;
  /** Another one at every delivery, so that it must not count. */
  readonly delivery: number;
};

export type Request = {
  readonly work: Work;
  readonly input: Input;
  /** Since the start. */
  readonly atMs: number;
};

export const REQUEST_FAULTS = {
  "duplicate-request": [0.1, 0.6],
  "late-repetition": [0.05, 0.4],
  "other-payload": [0.05, 0.3],
} as const satisfies FaultRates;

export type RequestOptions = {
  readonly rng: Rng;
  readonly swarm: FaultSwarm;
  readonly start: EpochMs;
  /** How long a key is remembered; undefined: for longer than any schedule. */
  readonly forgottenAfterMs: number | undefined;
};

const ENTITIES_EACH = 2;
const DELIVERIES = 3;
const SENDING_MS = 20_000;
const APART_MS_MAX = 8_000;
/** Twins arrive within the time of one call. */
const TWINS_APART_MS_MAX = 5;
/** Soon, or before or after the store has deleted the record. */
const FORGOTTEN_FOR_MS_MAX = [8_000, 40_000, 120_000];

export function drawRequests(options: RequestOptions): readonly Request[] {
  const { rng } = options;
  return STRATEGIES.flatMap((strategy) =>
    Array.from({ length: ENTITIES_EACH }, (_, index) => {
      const beginsMs = rng.int(SENDING_MS);
      return ranksOf(strategy, rng).flatMap((rank) =>
        delivered({ strategy, entity: `${strategy}-${index}`, rank, beginsMs }, options),
      );
    }).flat(),
  );
}

/** In the order in which they are drawn, which need not be the one in which they arrive. */
function ranksOf(strategy: StrategyName, rng: Rng): readonly number[] {
  const isRanked = strategy === "version" || strategy === "timestamp";
  const ranks = Array.from({ length: DELIVERIES }, (_, index) => (isRanked ? index + 1 : 0));
  return shuffled(ranks, rng);
}

type Wanted = Pick<Work, "strategy" | "entity" | "rank"> & { readonly beginsMs: number };

/** One delivery, and whatever befalls it. */
function delivered(wanted: Wanted, options: RequestOptions): readonly Request[] {
  const { rng, swarm, start, forgottenAfterMs } = options;
  const apart = (): number => rng.int(rng.int(3) === 0 ? TWINS_APART_MS_MAX : APART_MS_MAX);
  const occasion = (fault: keyof typeof REQUEST_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  const ask = (atMs: number, isOther = false): Request =>
    requestOf(wanted, { atMs, isOther, delivery: rng.int(1_000_000), start });

  const atMs = wanted.beginsMs + apart();
  const asked = [ask(atMs)];
  if (occasion("duplicate-request")) asked.push(ask(atMs + apart()));
  if (forgottenAfterMs !== undefined && occasion("late-repetition")) {
    const forMsMax = FORGOTTEN_FOR_MS_MAX[rng.int(FORGOTTEN_FOR_MS_MAX.length)] ?? 0;
    asked.push(ask(atMs + forgottenAfterMs + rng.int(forMsMax)));
  }
  if (wanted.strategy !== "content-hash" && occasion("other-payload")) {
    asked.push(ask(wanted.beginsMs + apart(), true));
  }
  return asked;
}

/** Before any schedule, so that a sender's time is not mistaken for the simulator's. */
const RANK_MS = 1_000;

export function requestOf(
  { strategy, entity, rank }: Pick<Work, "strategy" | "entity" | "rank">,
  given: {
    readonly atMs: number;
    readonly isOther?: boolean;
    readonly delivery: number;
    readonly start: EpochMs;
  },
): Request {
  const { atMs, isOther = false, delivery, start } = given;
  const amount = rank + (isOther ? 100 : 1);
  const time = (start - 60_000 + rank * RANK_MS) as EpochMs;
  // The order of its fields says nothing.
  const body =
    delivery % 2 === 0 ? { amount, note: `für ${entity}` } : { note: `für ${entity}`, amount };
  return {
    work: { strategy, entity, rank, payload: String(amount) },
    input: {
      id: entity,
      version: rank,
      time: delivery % 3 === 0 ? time : isoInstant(time),
      body,
      delivery,
    },
    atMs,
  };
}
