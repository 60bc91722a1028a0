/**
 * What a change of a product means for its copies: the older ones have ended. A mark of the new
 * version takes their place rather than nothing, so that whoever has read the old one before the
 * change cannot put it back.
 */
import { type Cache, copyKey } from "#contracts/cache";
import type { EpochMs } from "#kernel/units";
import { decode } from "#messaging";
import { Failure } from "#kernel/failure";

/** @param detail the envelope of `product.changed`. Errors: the cache's; `malformed-message`. */
export async function outdatedBy(copies: Pick<Cache, "put">, detail: unknown): Promise<void> {
  const decoded = decode(JSON.stringify(detail));
  if (decoded.kind !== "message") {
    throw new Failure(
      "malformed-message",
      "reject",
      "What the bus told is no change of a product.",
    );
  }
  const { stream, sequence } = decoded.message;
  const mark = { version: sequence, text: "", freshUntil: NEVER_FRESH };
  await copies.put(copyKey("product", stream), mark);
}

const NEVER_FRESH = 0 as EpochMs;
