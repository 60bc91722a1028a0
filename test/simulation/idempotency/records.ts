/**
 * The table of idempotency records, at the store's side of the network: the memory store behind
 * what DynamoDB may do besides. What has run out is deleted by a clock of the store's own, in time
 * or late or never, and a read may answer from a replica that is behind.
 */
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import type { EpochMs } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import type {
  Claim,
  ClaimAnswer,
  ClaimRequest,
  IdempotencyRecord,
  IdempotencyStore,
  KeptResult,
} from "#messaging/idempotency/index";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Scheduler } from "#simulation/scheduler";
import type { EffectJudge } from "./effect-judge.ts";
import type { IdempotencyPlant } from "./plant.ts";
import type { Work } from "./requests.ts";

export const RECORD_FAULTS = {
  "late-ttl": [0.2, 1],
  "stale-read": [0.05, 0.5],
} as const satisfies FaultRates;

/** As the port, with what the call is about, which only the judge needs. */
export type Records = {
  readonly resultBytesMax: number;
  claim(work: Work, request: ClaimRequest, now: EpochMs): Promise<ClaimAnswer>;
  complete(work: Work, claim: Claim, result: KeptResult, now: EpochMs): ReturnType<Complete>;
  release(work: Work, claim: Claim): Promise<"released" | "lost">;
  find(key: string, now: EpochMs): Promise<IdempotencyRecord | undefined>;
};

type Complete = IdempotencyStore["complete"];

/** Above it a result is not kept. */
export const RESULT_BYTES_MAX = 100;
/** As the adapter's hour: longer than clocks differ, and than any request may be late. */
const CLEANING_DELAY_MS = 70_000;
const LATE_MS_MAX = 120_000;
/** A replica is not behind for longer. */
const BEHIND_MS_MAX = 3_000;
/** For looking at a record as it is: before everything. */
const ALWAYS = 0 as EpochMs;

export type RecordsOptions = {
  readonly scheduler: Pick<Scheduler, "now" | "at">;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly judge: EffectJudge;
  readonly plant: IdempotencyPlant;
};

type Item = {
  readonly store: IdempotencyStore;
  /** What stood there before the last write. */
  before?: IdempotencyRecord | undefined;
  writtenAt: number;
};

type Items = {
  of(key: string): Item;
  /** Deleted when its time is over, or later. */
  expireBehind(key: string, keepUntil: number): void;
};

export function records(options: RecordsOptions): Records {
  const { scheduler, swarm, judge } = options;
  const items = itemsOf(options);
  const wrote = (item: Item, before: IdempotencyRecord | undefined): void => {
    item.before = before;
    item.writtenAt = scheduler.now();
  };

  return {
    resultBytesMax: RESULT_BYTES_MAX,

    async claim(work, request, now) {
      const item = items.of(request.key);
      const before = await item.store.find(request.key, ALWAYS);
      const answer = await item.store.claim(request, now);
      if (answer.kind !== "claimed") {
        judge.refused(work, answer.kind, before, await item.store.find(request.key, ALWAYS));
        return answer;
      }
      if (answer.follows === "itself") return answer;
      wrote(item, before);
      judge.claimed(work, request, answer.claim, now);
      items.expireBehind(request.key, now + request.keepMs);
      return answer;
    },

    async complete(work, claim, result, now) {
      const item = items.of(claim.key);
      const before = await item.store.find(claim.key, ALWAYS);
      const answer = await item.store.complete(claim, result, now);
      if (answer === "completed") {
        wrote(item, before);
        judge.completed(work, claim, result);
      }
      return answer;
    },

    async release(work, claim) {
      const item = items.of(claim.key);
      const before = await item.store.find(claim.key, ALWAYS);
      const answer = await item.store.release(claim);
      if (answer === "released") {
        wrote(item, before);
        judge.released(work, claim);
      }
      return answer;
    },

    async find(key, now) {
      const item = items.of(key);
      const isBehind = item.writtenAt + BEHIND_MS_MAX > scheduler.now();
      if (!isBehind || !swarm.fires("stale-read")) return item.store.find(key, now);
      swarm.happened("stale-read");
      return item.before;
    },
  };
}

function itemsOf({ scheduler, swarm, rng, plant }: RecordsOptions): Items {
  const items = new Map<string, Item>();
  const expire = async (key: string): Promise<void> => {
    const record = await items.get(key)?.store.find(key, ALWAYS);
    if (record !== undefined && record.keepUntil + CLEANING_DELAY_MS <= scheduler.now()) {
      items.delete(key);
    }
  };
  return {
    of(key) {
      const found = items.get(key);
      if (found !== undefined) return found;
      const right = memoryIdempotencyStore({ resultBytesMax: RESULT_BYTES_MAX });
      const made = { store: plant.record?.(right) ?? right, writtenAt: 0 };
      items.set(key, made);
      return made;
    },
    expireBehind(key, keepUntil) {
      const isLate = swarm.fires("late-ttl");
      if (isLate) swarm.happened("late-ttl");
      const lateMs = isLate ? rng.int(LATE_MS_MAX) : 0;
      scheduler.at(keepUntil + CLEANING_DELAY_MS + lateMs, () => void expire(key));
    },
  };
}
