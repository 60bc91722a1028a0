/**
 * Idempotency records in Redis or Valkey: one hash for each key, changed by scripts, which run
 * alone. One request to claim and one to complete; a takeover is two.
 *
 * What Redis must be for this: `maxmemory-policy noeviction`, or a record that is evicted lets its
 * effect be had again. A failover may lose the newest writes, as replication is asynchronous: where
 * an effect must never be had twice, take DynamoDB.
 */
import type { RedisArgument } from "@redis/client";
import { Failure } from "#kernel/failure";
import { later } from "#kernel/units";
import {
  checkClaim,
  checkResult,
  type Claim,
  type ClaimAnswer,
  type IdempotencyStore,
  judge,
  remembered,
} from "#messaging/idempotency/index";
import { fieldsOfClaim, recordOf, storedResult } from "./idempotency-fields.ts";
import { CLAIM, COMPLETE, READ, RELEASE } from "./idempotency-scripts.ts";
import { type RedisConnection, scriptRunner } from "./script-runner.ts";

export type RedisIdempotencyStoreProps = {
  /**
   * A connected client, pool or cluster of `@redis/client` or `redis`. Let it refuse commands while
   * it is offline (`disableOfflineQueue`), or a claim waits for the connection.
   */
  readonly client: RedisConnection;
  /** What every key begins with. Default `idempotency:`. */
  readonly prefix?: string;
  /** Default 1 MiB. */
  readonly resultBytesMax?: number;
  /** After it the outcome of a request is unknown. Default 2,000. */
  readonly requestMsMax?: number;
};

const RESULT_BYTES_MAX = 1_048_576;
const REQUEST_MS_MAX = 2_000;

/** Redis deletes by its own clock, and everything else here goes by the callers'. */
const CLEANING_DELAY_MS = 3_600_000;

/** Each further round means that somebody else has just changed the record. */
const ROUNDS_MAX = 5;

export function redisIdempotencyStore(props: RedisIdempotencyStoreProps): IdempotencyStore {
  const { prefix = "idempotency:", resultBytesMax = RESULT_BYTES_MAX } = props;
  const run = scriptRunner(props.client, props.requestMsMax ?? REQUEST_MS_MAX);
  const keyOf = (key: string): string => prefix + key;

  return {
    resultBytesMax,

    async claim(request, now) {
      checkClaim(request);
      const { key, owner, keepMs } = request;
      const leaseUntil = later(now, request.leaseMs);
      const deletedAfterMs = String(keepMs + CLEANING_DELAY_MS);
      const claimAs = async (attempt: number, expected: readonly RedisArgument[]) => {
        const fields = fieldsOfClaim(request, attempt, now);
        const reply = await run(CLAIM, keyOf(key), [...expected, deletedAfterMs, ...fields]);
        return recordOf(key, reply);
      };
      const claimed = (
        attempt: number,
        follows: Extract<ClaimAnswer, { kind: "claimed" }>["follows"],
      ): ClaimAnswer => ({
        kind: "claimed",
        claim: { key, owner, attempt, leaseUntil },
        follows,
      });

      let standing = await claimAs(1, NOBODY);
      if (standing === undefined) return claimed(1, "nothing");
      for (let round = 1; round < ROUNDS_MAX; round += 1) {
        const verdict = judge(standing, request, now);
        if (verdict.kind !== "free") return verdict;
        const { attempt, owner: other, status } = standing;
        const changed = await claimAs(attempt + 1, [String(attempt), other, status]);
        if (changed === undefined) return claimed(attempt + 1, verdict.follows);
        standing = changed;
      }
      throw tooBusy(key, ROUNDS_MAX);
    },

    async complete(claim, result, now) {
      checkResult(claim.key, result, resultBytesMax);
      const values = [...fenceOf(claim), String(now), ...storedResult(result)];
      return (await run(COMPLETE, keyOf(claim.key), values)) === 1 ? "completed" : "lost";
    },

    async release(claim) {
      const answer = await run(RELEASE, keyOf(claim.key), fenceOf(claim));
      return answer === 1 ? "released" : "lost";
    },

    async find(key, now) {
      return remembered(recordOf(key, await run(READ, keyOf(key), [])), now);
    },
  };
}

/** Attempt, owner and status of what is to be replaced: no record at all. */
const NOBODY = ["", "", ""];

const fenceOf = ({ owner, attempt }: Claim): readonly string[] => [owner, String(attempt)];

const tooBusy = (key: string, rounds: number): Failure =>
  new Failure(
    "store-throttled",
    "retry",
    `The record of ${JSON.stringify(key)} was changed by others ${rounds} times meanwhile.`,
  );
