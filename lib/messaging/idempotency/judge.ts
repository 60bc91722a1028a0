/**
 * What a record means to whoever wants its key. Stores that can decide only in a condition of their
 * own language mirror it there, and their tests compare the two.
 *
 *     claimed ------- leaseUntil ------------------ keepUntil ----->
 *             in-progress   | abandoned: the next      | expired: as if
 *                           | attempt may begin        | it had never been
 */
import type { EpochMs } from "#kernel/units";
import type {
  ClaimAnswer,
  ClaimRequest,
  Completion,
  IdempotencyRecord,
  Precedent,
} from "./idempotency-store.ts";

/** An answer, or that the key may be claimed, as the attempt after `attempt`. */
export type Verdict =
  | ClaimAnswer
  | { readonly kind: "free"; readonly attempt: number; readonly follows: Precedent };

export function judge(
  record: IdempotencyRecord | undefined,
  request: ClaimRequest,
  now: EpochMs,
): Verdict {
  if (record === undefined) return { kind: "free", attempt: 0, follows: "nothing" };
  const free = (follows: Precedent): Verdict => ({
    kind: "free",
    attempt: record.attempt,
    follows,
  });
  const isExpired = record.keepUntil <= now;
  if (isExpired && !isKept(record.done, now)) return free("expired");
  if ((record.rank === undefined) !== (request.rank === undefined)) return { kind: "mismatch" };
  const settled = againstCompletion(record.done, request, now);
  if (settled !== undefined) return settled;
  if (isExpired) return free("expired");

  const ahead = rankOf(request) - rankOf(record);
  if (ahead === 0 && record.payloadHash !== request.payloadHash) return { kind: "mismatch" };
  switch (record.status) {
    case "completed":
      return free("older");
    case "released":
      return free("released");
    case "in-progress":
      if (record.leaseUntil <= now) {
        return ahead < 0 ? { kind: "stale", rank: rankOf(record) } : free("abandoned");
      }
      return ahead === 0 && record.owner === request.owner ? itself(record) : inProgress(record);
    default:
      return record.status satisfies never;
  }
}

function againstCompletion(
  done: Completion | undefined,
  request: ClaimRequest,
  now: EpochMs,
): ClaimAnswer | undefined {
  if (done === undefined || done.until <= now) return undefined;
  const ahead = rankOf(request) - rankOf(done);
  if (ahead > 0) return undefined;
  if (ahead < 0) return { kind: "stale", rank: rankOf(done) };
  if (done.payloadHash !== request.payloadHash) return { kind: "mismatch" };
  return { kind: "completed", result: done.result };
}

const rankOf = ({ rank = 0 }: { readonly rank?: number }): number => rank;

const inProgress = ({ leaseUntil }: IdempotencyRecord): ClaimAnswer => ({
  kind: "in-progress",
  leaseUntil,
});

const itself = ({ key, owner, attempt, leaseUntil }: IdempotencyRecord): ClaimAnswer => ({
  kind: "claimed",
  claim: { key, owner, attempt, leaseUntil },
  follows: "itself",
});

/**
 * A completion is kept for its own time: a claim that was sent before it and landed behind it has
 * an earlier `keepUntil`.
 */
const isKept = (done: Completion | undefined, now: EpochMs): boolean =>
  done !== undefined && done.until > now;

/** What `find` answers of what is stored: nothing that has expired. */
export function remembered(
  record: IdempotencyRecord | undefined,
  now: EpochMs,
): IdempotencyRecord | undefined {
  if (record === undefined) return undefined;
  const { done, ...rest } = record;
  if (isKept(done, now)) return record;
  return record.keepUntil <= now ? undefined : rest;
}

/** Whether both are of one run. */
export const isSameRun = (
  one: Pick<IdempotencyRecord, "owner" | "attempt">,
  other: Pick<IdempotencyRecord, "owner" | "attempt">,
): boolean => one.owner === other.owner && one.attempt === other.attempt;
