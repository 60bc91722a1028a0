/**
 * Writes that a handler has made up may be ones that DynamoDB never takes. Repeating them as if the
 * store were ill would end with SQS dead-lettering the message out of its order; refused as a
 * failed condition is, they count as attempts and halt their stream with the cause in the log.
 */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { isFailure } from "#kernel/failure";
import type { HeadStore } from "#messaging";
import type { Log } from "#runtime/log";

export const refusingHeads = <Write>(
  heads: HeadStore<Write>,
  log: Pick<Log, "warn">,
): HeadStore<Write> => ({
  ...heads,
  async commit(commit) {
    try {
      return await heads.commit(commit);
    } catch (error) {
      const why = commit.writes.length === 0 ? undefined : neverTaken(error);
      if (why === undefined) throw error;
      const { stream } = commit.head;
      log.warn("DynamoDB will never take the writes of a message.", { stream, why });
      return { kind: "refused" };
    }
  },
});

/** As API_TransactWriteItems names the reasons of a cancelled transaction. */
const NEVER = new Set(["ValidationError", "ItemCollectionSizeLimitExceeded"]);

/** The service's own words; undefined for what may pass. */
function neverTaken(error: unknown): string | undefined {
  const cause = isFailure(error) && error.code !== "outcome-unknown" ? error.cause : undefined;
  if (!(cause instanceof Error)) return undefined;
  if (cause.name === "ValidationException") return cause.message;
  if (!(cause instanceof TransactionCanceledException)) return undefined;
  const [, ...ofWrites] = cause.CancellationReasons ?? [];
  const reason = ofWrites.find(({ Code }) => NEVER.has(Code ?? ""));
  return reason === undefined ? undefined : `${reason.Code}: ${reason.Message ?? cause.message}`;
}
