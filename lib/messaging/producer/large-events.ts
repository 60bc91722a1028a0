/**
 * Events that no queue takes: what is above a message's bound leaves as a claim check, so that one
 * large event never stops the stream, or the shard, that it is in.
 */
import { concurrently } from "../consumer/concurrently.ts";
import { type ClaimCheckStore, checkedIn } from "../envelope/claim-check.ts";
import { ENVELOPE_BYTES_MAX } from "../envelope/decode.ts";
import type { Envelope, SentEnvelope } from "../envelope/envelope.ts";
import { utf8Bytes } from "../envelope/size.ts";
import { wireText } from "../envelope/wire-text.ts";

export type LargeEvents = {
  /** Its consumers redeem from the same one. Absent: what is too large cannot be sent. */
  readonly claimChecks?: ClaimCheckStore | undefined;
  /** Bytes of an envelope; as the smallest `bodyBytesMax` of its consumers. Default: 256 KiB. */
  readonly bodyBytesMax?: number | undefined;
};

/**
 * The same envelopes, large data as claim checks; stored again, it is the same object. The
 * attributes beside the data are bounded far below any bound for the whole.
 *
 * Errors: `payload-too-large` (reject) above `CLAIMED_BYTES_MAX`; `store-unavailable` (retry).
 */
export async function fitting(
  envelopes: readonly Envelope[],
  { claimChecks, bodyBytesMax = ENVELOPE_BYTES_MAX }: LargeEvents,
): Promise<readonly SentEnvelope[]> {
  if (claimChecks === undefined) return envelopes;
  const fit: SentEnvelope[] = [...envelopes];
  const works = envelopes.flatMap((envelope, index) => {
    if (utf8Bytes(wireText(envelope)) <= bodyBytesMax) return [];
    return [
      async () => {
        fit[index] = await checkedIn(envelope, claimChecks, 0);
      },
    ];
  });
  await concurrently(works, STORED_AT_ONCE_MAX);
  return fit;
}

/** Each is held in memory as text. */
const STORED_AT_ONCE_MAX = 10;
