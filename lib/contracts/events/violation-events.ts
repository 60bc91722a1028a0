/**
 * What is published when a message has gone against its stream's order and somebody has to hear of
 * it. At least once; the same violation has the same `id` every time.
 */
import * as z from "zod/mini";
import "./english.ts";

/** The only type of these events, and the detail type by which a rule finds them. */
export const VIOLATION_FILED = "inorder.violation.filed";

export const violationFiled = z.strictObject({
  /** Whose stream it is: a stream is a consumer's own affair. */
  consumer: z.string().check(z.minLength(1)),
  kind: z.enum([
    "sequence-conflict",
    "partition-mismatch",
    "gap",
    "out-of-order",
    "unknown",
    "timestamp-anomaly",
  ]),
  severity: z.literal("critical"),
  /** Of the message, or the first one that is missing. */
  sequence: z.int().check(z.minimum(1)),
  /** Absent where no message is concerned (a gap). */
  messageId: z.optional(z.string()),
  /** What the order demanded, and what was there instead, in words. */
  expected: z.string(),
  actual: z.string(),
  /** Milliseconds since the epoch, by the consumer's clock. */
  at: z.int().check(z.minimum(0)),
  /** What an operator can do. */
  actions: z.array(z.string()).check(z.minLength(1)),
});
