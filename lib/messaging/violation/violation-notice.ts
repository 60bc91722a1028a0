/**
 * A violation as an event for everybody: what has to be known to act on it, without a look into the
 * consumer's table.
 */
import { sha256Hex } from "#kernel/hash";
import type { Envelope } from "../envelope/envelope.ts";
import { RECOMMENDED } from "./recovery.ts";
import type { Violation } from "./violation.ts";

/** A violation with its place in the audit log of a stream. */
export type FiledViolation = {
  readonly consumer: string;
  readonly stream: string;
  /** The head's version that it was filed with. */
  readonly version: number;
  /** Among the records of that version. */
  readonly index: number;
  readonly violation: Violation;
};

/** The envelope's `type`. */
export const VIOLATION_FILED = "inorder.violation.filed";

/**
 * The same envelope however often it is published. Its `sequence` is the head's version: it rises
 * within a stream, but has gaps, for most versions file nothing.
 */
export function violationEnvelope(filed: FiledViolation): Envelope {
  const { consumer, stream, version, index, violation } = filed;
  const { kind, severity, sequence, messageId, expected, actual, at } = violation;
  return {
    specversion: "1.0",
    // A stream's name alone may be as long as an id may be.
    id: sha256Hex(`${consumer}#${version}#${index}#${stream}`),
    source: `urn:inorder:consumers:${consumer}`,
    type: VIOLATION_FILED,
    datacontenttype: "application/json",
    partitionkey: stream,
    sequence: version,
    data: {
      consumer,
      kind,
      severity,
      sequence,
      ...(messageId === "" ? {} : { messageId }),
      expected,
      actual,
      at,
      actions: [...RECOMMENDED[kind]],
    },
  };
}
