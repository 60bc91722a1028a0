/**
 * How a consumer asks a producer for what it misses.
 */
import type { SequenceRange } from "../head/head.ts";

/**
 * Contract: resolves when the request is on its way; the answer comes through the stream's own
 * group, each message with a fresh deduplication id. Of a long range it may be the beginning: the
 * next deadline asks for the rest. Errors: `Failure` (retry). A request may be repeated: what comes
 * twice is dropped as a duplicate.
 */
export type Redelivery = {
  request(stream: string, missing: SequenceRange): Promise<void>;
};
