/**
 * Every way in which a head may change, each a pure function from head to head. `version` and
 * `attemptId` belong to the commit that writes it.
 */
import { type DurationMs, type EpochMs, isoInstant, later } from "#kernel/units";
import { auditNext, auditStart } from "./audit.ts";
import { idHash } from "./classify.ts";
import type { Message } from "./envelope.ts";
import type { Halt, Head, ParkedMessage } from "./head.ts";
import { jsonBytes } from "./size.ts";
import type { Violation } from "./violation.ts";

/** Enough to recognise a second sender: its numbers collide near the position. */
const RECENT_MAX = 16;
const VIOLATIONS_MAX = 8;
/** A cause comes from whoever threw it; the head it is stored in is bounded. */
const CAUSE_LENGTH_MAX = 1_000;

/** The head of a stream that its consumer has not seen. */
export const neverWritten = (stream: string): Head => ({
  stream,
  version: 0,
  last: 0,
  status: "running",
  recent: [],
  parked: [],
  attempts: 0,
  violations: [],
  audit: auditStart(stream),
});

/**
 * The position moves to `message`, which must be the next one; if it was parked, it no longer is.
 *
 * @param startedAt the stream's own beginning, where its handler knows it.
 */
export function applied(head: Head, message: Message, startedAt?: EpochMs): Head {
  const newest = latest(head.newest, startedAt, message.time);
  return {
    ...head,
    last: message.sequence,
    recent: [
      ...head.recent.slice(1 - RECENT_MAX),
      { sequence: message.sequence, hash: idHash(message.id) },
    ],
    parked: head.parked.filter((entry) => entry.message.sequence > message.sequence),
    attempts: 0,
    audit: auditNext(head.audit, message),
    ...(newest === undefined ? {} : { newest }),
  };
}

export type ParkingBounds = {
  readonly parkedMax: number;
  /** Of all parked messages of the stream together, as stored. */
  readonly parkedBytesMax: number;
};

/** Undefined when the bounds leave no room: then the message is not stored. */
export function parked(head: Head, entry: ParkedMessage, bounds: ParkingBounds): Head | undefined {
  const after = [...head.parked, entry].sort(bySequence);
  const fits = after.length <= bounds.parkedMax && jsonBytes(after) <= bounds.parkedBytesMax;
  return fits ? { ...head, parked: after } : undefined;
}

/** One more failed attempt at the next message. */
export const attempted = (head: Head): Head => ({ ...head, attempts: head.attempts + 1 });

/** Nothing of this stream is applied any more until somebody decides. */
export const halted = (head: Head, halt: Halt): Head => ({
  ...head,
  status: "halted",
  halt: { ...halt, message: halt.message.slice(0, CAUSE_LENGTH_MAX) },
});

/**
 * A message that is applied, but stamped strictly earlier than what was applied before it (or the
 * stream's beginning).
 */
export function timestampAnomaly(
  before: Head,
  { time, sequence, id }: Message,
  startedAt: EpochMs | undefined,
  now: EpochMs,
): Violation | undefined {
  const newest = latest(before.newest, startedAt);
  if (time === undefined || newest === undefined || time >= newest) return undefined;
  return {
    kind: "timestamp-anomaly",
    severity: "warning",
    sequence,
    messageId: id,
    expected: `a time not before ${isoInstant(newest)}`,
    actual: isoInstant(time),
    at: now,
  };
}

export const isFiled = ({ violations }: Head, { kind, sequence, messageId }: Violation): boolean =>
  violations.some(
    (filed) => filed.kind === kind && filed.sequence === sequence && filed.messageId === messageId,
  );

export const filed = (head: Head, violation: Violation): Head => ({
  ...head,
  violations: [...head.violations.slice(1 - VIOLATIONS_MAX), violation],
});

export type Schedule = {
  /** How long a missing message is waited for. */
  readonly gapDeadlineMs: DurationMs;
  /** When a parked message whose attempt failed is tried again without new traffic. */
  readonly retryDelayMs: DurationMs;
};

/**
 * Sets or removes `dueAt`, the moment at which a sweep has to look at the stream. A gap's deadline
 * runs from when the gap was first seen: further early messages do not move it, progress starts a
 * new one.
 *
 * @param before the head as it was read, before this batch changed it.
 */
export function scheduled(head: Head, before: Head, now: EpochMs, schedule: Schedule): Head {
  const { dueAt: _, ...rest } = head;
  const first = head.parked[0];
  // A halted stream waits for a person; a draining one is driven by whoever set it draining.
  if (head.status === "halted") return rest;
  if (head.status === "draining") return head;
  if (first === undefined) return rest;
  if (first.message.sequence === head.last + 1) {
    return { ...rest, dueAt: later(now, schedule.retryDelayMs) };
  }
  const sameGap = head.last === before.last && before.dueAt !== undefined;
  return { ...rest, dueAt: sameGap ? before.dueAt : later(now, schedule.gapDeadlineMs) };
}

const latest = (...times: readonly (EpochMs | undefined)[]): EpochMs | undefined =>
  times.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);

const bySequence = (a: ParkedMessage, b: ParkedMessage): number =>
  a.message.sequence - b.message.sequence;
