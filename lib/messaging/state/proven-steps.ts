/**
 * What moved a stream's position, in its order, as the producer's log and the audit records tell:
 * the messages with what decisions put in their place, and what was left out.
 */
import type { Message } from "../envelope/envelope.ts";
import type { SequenceRange } from "../head/head.ts";
import type { PlacedAuditRecord } from "./audit-record.ts";

export type StreamEvidence = {
  /**
   * The producer's log as messages, in ascending order of their sequences. What was sent as a claim
   * check has its data here.
   */
  readonly log: Iterable<Message>;
  /** All audit records of this stream and consumer, the oldest first. */
  readonly records: readonly PlacedAuditRecord[];
};

export type ProvenStep =
  | { readonly kind: "applied"; readonly message: Message }
  | { readonly kind: "skipped"; readonly range: SequenceRange }
  /** The log does not have it: nothing is known from here on. */
  | { readonly kind: "missing"; readonly sequence: number };

/** Steps behind `after`, without end: a log that ends lacks the next. Reads the log once. */
export function* provenSteps(
  { log, records }: StreamEvidence,
  after: number,
): Generator<ProvenStep, never> {
  const { skips, replacements } = decisionsOf(records);
  const messages = log[Symbol.iterator]();
  let position = after;
  for (;;) {
    const sequence = position + 1;
    const range = skips.get(sequence);
    if (range !== undefined) {
      position = range.to;
      yield { kind: "skipped", range };
      continue;
    }
    const message = at(messages, sequence);
    if (message === undefined) {
      for (;;) yield { kind: "missing", sequence };
    }
    position = sequence;
    yield { kind: "applied", message: { ...message, ...replacements.get(sequence) } };
  }
}

type Replacement = Partial<Pick<Message, "type" | "data">>;

/** Those that still count: a rewind begins the stream anew. */
function decisionsOf(records: readonly PlacedAuditRecord[]): {
  readonly skips: ReadonlyMap<number, SequenceRange>;
  readonly replacements: ReadonlyMap<number, Replacement>;
} {
  const skips = new Map<number, SequenceRange>();
  const replacements = new Map<number, Replacement>();
  for (const { record } of records) {
    if (record.kind === "gap-skipped") skips.set(record.skipped.from, record.skipped);
    if (record.kind !== "decision" || record.refused !== undefined) continue;
    const { decision, skipped, rewoundFrom } = record;
    if (skipped !== undefined) skips.set(skipped.from, skipped);
    if (decision.kind === "replace") {
      const { sequence, data, type } = decision;
      // A type that an earlier replacement gave stays.
      const earlier = replacements.get(sequence);
      replacements.set(sequence, { ...earlier, data, ...(type === undefined ? {} : { type }) });
    }
    if (decision.kind === "rewind") {
      skips.clear();
      // What was replaced but not applied still waits, replaced.
      for (const sequence of replacements.keys()) {
        if (sequence <= (rewoundFrom ?? 0)) replacements.delete(sequence);
      }
    }
  }
  return { skips, replacements };
}

/** Passes over what comes before. */
function at(messages: Iterator<Message>, sequence: number): Message | undefined {
  for (let next = messages.next(); next.done !== true; next = messages.next()) {
    if (next.value.sequence === sequence) return next.value;
    if (next.value.sequence > sequence) return undefined;
  }
  return undefined;
}
