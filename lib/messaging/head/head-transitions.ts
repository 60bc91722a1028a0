/**
 * Every way in which a head may change, each a pure function from head to head. `version` and
 * `attemptId` belong to the commit that writes it.
 */
import { type DurationMs, type EpochMs, isoInstant, later } from "#kernel/units";
import type { Message } from "../envelope/envelope.ts";
import { jsonBytes } from "../envelope/size.ts";
import { auditBegin, auditNext, auditSkip, auditStart } from "../state/audit.ts";
import type { Violation } from "../violation/violation.ts";
import { idHash } from "./classify.ts";
import type { Claim, Halt, Head, ParkedMessage, SequenceRange } from "./head.ts";

/** Enough to recognise a second sender: its numbers collide near the position. */
const RECENT_MAX = 16;
const SKIPPED_MAX = 16;
const CONTROLS_MAX = 16;
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
  skipped: [],
  controls: [],
  violations: [],
  audit: auditStart(stream),
});

/** The same for a stream whose messages up to `startedAfter` are not asked for. */
export const begun = (head: Head, startedAfter: number): Head => ({
  ...head,
  last: startedAfter,
  startedAfter,
  audit: auditBegin(head.stream, startedAfter),
  // What a stray halted before it was known where the stream begins, stands there.
  ...(head.halt === undefined ? {} : { halt: { ...head.halt, sequence: startedAfter + 1 } }),
});

/**
 * The position moves to `message`, which must be the next one; if it was parked, it no longer is.
 *
 * @param startedAt the stream's own beginning, where its handler knows it.
 */
export function applied(head: Head, message: Message, startedAt?: EpochMs): Head {
  const newest = latest(latest(head.newest, startedAt), message.time);
  return {
    ...atPosition(head),
    last: message.sequence,
    recent: [
      ...head.recent.slice(1 - RECENT_MAX),
      { sequence: message.sequence, hash: idHash(message) },
    ],
    parked: unparkedTo(head, message.sequence),
    attempts: 0,
    audit: auditNext(head.audit, message),
    ...(newest === undefined ? {} : { newest }),
  };
}

const unparkedTo = ({ parked }: Head, sequence: number): Head["parked"] =>
  parked.length === 0 ? parked : parked.filter((entry) => entry.sequence > sequence);

/** What belongs to a position ends with it. */
function atPosition(head: Head): Head {
  // Of most heads nothing does, and a copy costs more than all else that moves the position.
  if (head.gap === undefined && head.claim === undefined && head.called === undefined) return head;
  const { gap: _gap, claim: _claim, called: _called, ...rest } = head;
  return rest;
}

/**
 * No message follows any more: the head shrinks to its mark (and to a fold's state). Decisions and
 * violations stay known: what is delivered once more must be neither decided nor filed once more.
 */
export const closed = (head: Head): Head => ({
  ...head,
  closed: true,
  recent: [],
  skipped: [],
});

/** The position moves over what was never applied; `range` begins behind it. */
export const skipped = (head: Head, range: SequenceRange): Head => ({
  ...atPosition(head),
  last: range.to,
  attempts: 0,
  skipped: [...head.skipped.slice(1 - SKIPPED_MAX), range],
  parked: unparkedTo(head, range.to),
  audit: auditSkip(head.audit, range),
});

/** The stream goes on; what is parked comes first. */
export function draining(head: Head): Head {
  const { halt: _, gap, called, ...rest } = head;
  // Filed it stays; its recovery begins anew, as does the counting of calls.
  const tried = gap === undefined ? {} : { gap: { ...gap, tries: 0 } };
  const counted = called === undefined ? {} : { called: { ...called, times: 0 } };
  return { ...rest, ...tried, ...counted, status: "draining", attempts: 0 };
}

/** A fold begins anew. What is parked stays, and waits for its predecessors. */
export function rewound(head: Head): Head {
  const { halt: _halt, newest: _newest, state: _state, closed: _closed, ...rest } = head;
  const { parked, violations, controls, version, stream } = atPosition(rest);
  const never = neverWritten(stream);
  const fresh = head.startedAfter === undefined ? never : begun(never, head.startedAfter);
  return { ...fresh, version, parked, violations, controls };
}

/** The control message with this id has been decided. */
export const decidedOn = (head: Head, id: string): Head => ({
  ...head,
  controls: [...head.controls.slice(1 - CONTROLS_MAX), id],
});

export type ParkingBounds = {
  readonly parkedMax: number;
  /** Of the bodies that the head itself holds; larger ones are in items of their own. */
  readonly parkedBytesMax: number;
};

export type Parking = {
  readonly head: Head;
  /** The head has no room for its body: it has to be written beside it. */
  readonly isBeside: boolean;
};

/**
 * Takes the place of what is parked at its sequence. Undefined when the stream may park no more:
 * then the message is not stored.
 */
export function parked(
  head: Head,
  message: Message,
  { reason, at }: { readonly reason: ParkedMessage["reason"]; readonly at: EpochMs },
  bounds: ParkingBounds,
): Parking | undefined {
  const { sequence } = message;
  const others = head.parked.filter((entry) => entry.sequence !== sequence);
  const isNew = others.length === head.parked.length;
  if (isNew && others.length >= bounds.parkedMax) return undefined;
  const pointer: ParkedMessage = { sequence, hash: idHash(message), parkedAt: at, reason };
  const inline = [
    ...others.filter((entry) => entry.message !== undefined),
    { ...pointer, message },
  ];
  const isBeside = jsonBytes(inline) > bounds.parkedBytesMax;
  const entry = isBeside ? pointer : { ...pointer, message };
  return { head: { ...head, parked: [...others, entry].sort(bySequence) }, isBeside };
}

/** Its body is gone from beside the head. */
export const forgotten = (head: Head, lost: ParkedMessage): Head => ({
  ...head,
  parked: head.parked.filter(({ sequence }) => sequence !== lost.sequence),
});

/** Nobody else calls for the message before the claim ends; that a call begins is counted. */
export function claimed(head: Head, message: Message, claim: Claim): Head {
  const { sequence } = message;
  const before = head.called?.sequence === sequence ? head.called.times : 0;
  return { ...head, claim, called: { sequence, hash: idHash(message), times: before + 1 } };
}

/** One more failed attempt at the next message. */
export function attempted(head: Head): Head {
  const { claim: _, ...rest } = head;
  return { ...rest, attempts: head.attempts + 1 };
}

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
  /** How long a missing message is waited for; undefined: as long as it takes. */
  readonly gapDeadlineMs: DurationMs | undefined;
  /** When a parked message whose attempt failed is tried again without new traffic. */
  readonly retryDelayMs: DurationMs;
};

/**
 * Sets or removes `dueAt`, the moment at which a sweep has to look at the stream. A gap's deadline
 * runs from when the gap was first seen: further early messages do not move it, progress starts a
 * new one.
 *
 * @param before the head as it was read, before this batch changed it, or as a rewind left it.
 */
export function scheduled(head: Head, before: Head, now: EpochMs, schedule: Schedule): Head {
  const rest = withoutDue(head);
  const first = head.parked[0];
  // A halted stream waits for a person.
  if (head.status === "halted") return rest;
  // Arrivals meanwhile do not put an attempt off.
  const isSameAttempt = head.last === before.last && head.attempts === before.attempts;
  const retryAt = (isSameAttempt ? before.dueAt : undefined) ?? later(now, schedule.retryDelayMs);
  // Cut short by a deadline, a drain goes on at once; after a failure it waits like any attempt.
  if (head.status === "draining") return { ...rest, dueAt: head.attempts === 0 ? now : retryAt };
  if (first === undefined) return rest;
  if (first.sequence === head.last + 1) return { ...rest, dueAt: retryAt };
  // What a drain was due for is no gap's deadline.
  if (before.status === "running" && isSameGap(head, before) && before.dueAt !== undefined) {
    return { ...rest, dueAt: before.dueAt };
  }
  const { gapDeadlineMs } = schedule;
  return gapDeadlineMs === undefined ? rest : { ...rest, dueAt: later(now, gapDeadlineMs) };
}

function withoutDue(head: Head): Head {
  if (head.dueAt === undefined) return head;
  const { dueAt: _, ...rest } = head;
  return rest;
}

/** Neither progress nor a recovery has come between. */
export const isSameGap = (head: Head, before: Head): boolean =>
  head.last === before.last && head.gap?.tries === before.gap?.tries;

const latest = (a: EpochMs | undefined, b: EpochMs | undefined): EpochMs | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

const bySequence = (a: ParkedMessage, b: ParkedMessage): number => a.sequence - b.sequence;
