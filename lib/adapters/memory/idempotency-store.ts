/**
 * The idempotency store of tests and the simulator: the judgement itself, without a network.
 */
import type { EpochMs } from "#kernel/units";
import {
  checkClaim,
  checkResult,
  type Claim,
  type IdempotencyRecord,
  type IdempotencyStore,
  isSameRun,
  judge,
  type KeptResult,
  remembered,
} from "#messaging/idempotency/index";

export type MemoryIdempotencyOptions = {
  /** As in DynamoDB where left out. */
  readonly resultBytesMax?: number;
};

export function memoryIdempotencyStore({
  resultBytesMax = 390_000,
}: MemoryIdempotencyOptions = {}): IdempotencyStore {
  const records = new Map<string, IdempotencyRecord>();

  return {
    resultBytesMax,

    async claim(request, now) {
      checkClaim(request);
      const { key, owner, payloadHash, rank } = request;
      const standing = records.get(key);
      const verdict = judge(standing, request, now);
      if (verdict.kind !== "free") return verdict;
      const attempt = verdict.attempt + 1;
      const leaseUntil = (now + request.leaseMs) as EpochMs;
      records.set(key, {
        key,
        status: "in-progress",
        owner,
        attempt,
        payloadHash,
        ...(rank !== undefined && { rank }),
        leaseUntil,
        keepUntil: (now + request.keepMs) as EpochMs,
        ...(standing?.done !== undefined && { done: standing.done }),
      });
      const claim = { key, owner, attempt, leaseUntil };
      return { kind: "claimed", claim, follows: verdict.follows };
    },

    async complete(claim, result, now) {
      checkResult(claim.key, result, resultBytesMax);
      const record = remembered(records.get(claim.key), now);
      if (record === undefined) return "lost";
      if (isRunning(record, claim) && record.keepUntil > now) {
        const { owner, attempt, payloadHash, rank, keepUntil } = record;
        const done = {
          owner,
          attempt,
          payloadHash,
          ...(rank !== undefined && { rank }),
          until: Math.max(keepUntil, record.done?.until ?? 0) as EpochMs,
          result: copied(result),
        };
        records.set(claim.key, { ...record, status: "completed", done });
        return "completed";
      }
      return record.done !== undefined && isSameRun(record.done, claim) ? "completed" : "lost";
    },

    async release(claim) {
      const record = records.get(claim.key);
      if (record === undefined || !isSameRun(record, claim)) return "lost";
      if (record.status === "completed") return "lost";
      records.set(claim.key, { ...record, status: "released" });
      return "released";
    },

    async find(key, now) {
      return remembered(records.get(key), now);
    },
  };
}

const isRunning = (record: IdempotencyRecord, claim: Claim): boolean =>
  record.status === "in-progress" && isSameRun(record, claim);

/** Whoever holds the bytes may change them later. */
const copied = (result: KeptResult): KeptResult =>
  result instanceof Uint8Array ? Uint8Array.from(result) : result;
