/**
 * A head as text: what every store keeps. It carries its format's number, and what cannot be read
 * is an error, because a head that silently came back empty would apply a whole stream again.
 */
import { Failure } from "#kernel/failure";
import { isJsonObject, type Json, parseJsonObject } from "#kernel/json";
import { SEVERITIES, VIOLATION_KINDS } from "../violation/violation.ts";
import type { Head } from "./head.ts";
import { packRecent, unpackRecent } from "./recent-codec.ts";

const FORMAT = 2;

/**
 * What was applied last is most of a head that has nothing to tell, so it is packed: with it, and a
 * small state, a head stays below 1 KB, which is one write unit.
 *
 * @throws Failure `unexpected`, action `retry`, for what `decodeHead` would refuse: a head that
 * nobody can read stops its stream for good.
 */
export function encodeHead(head: Head): string {
  const stored = { format: FORMAT, ...head, recent: packRecent(head.recent) };
  const wrong = FIELDS.find(([name, holds]) => !holds(stored[name]));
  if (wrong !== undefined) {
    const stream = JSON.stringify(head.stream);
    const what = `The head of stream ${stream} is not written: its field "${wrong[0]}" is wrong`;
    throw new Failure("unexpected", "retry", `${what}.`);
  }
  return JSON.stringify(stored);
}

/**
 * @param stream whose head this must be.
 * @throws Failure `unexpected`, action `retry`: a newer version of the consumer, or a repair, can
 * read what this one cannot.
 */
export function decodeHead(text: string, stream: string): Head {
  const stored = parseJsonObject(text);
  if (stored === undefined) throw unreadable(stream, "its text is not a JSON object");
  const { format, ...head } = stored;
  if (format !== FORMAT) {
    const newer = "deploy the version that wrote it";
    throw unreadable(stream, `its format is ${JSON.stringify(format)}, not ${FORMAT}; ${newer}`);
  }
  const wrong = FIELDS.find(([name, holds]) => !holds(head[name]));
  if (wrong !== undefined) {
    throw unreadable(stream, `its field "${wrong[0]}" is missing or of another type`);
  }
  if (head["stream"] !== stream) {
    throw unreadable(stream, `it belongs to stream ${JSON.stringify(head["stream"])}`);
  }
  const recent = unpackRecent(head["recent"]);
  if (recent === undefined) throw unreadable(stream, 'its field "recent" is no list of hashes');
  return { ...(head as unknown as Head), recent };
}

const unreadable = (stream: string, cause: string): Failure =>
  new Failure(
    "unexpected",
    "retry",
    `The head of stream ${JSON.stringify(stream)} cannot be read: ${cause}.`,
  );

type Check = (value: Json | undefined) => boolean;

const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const positive: Check = (value) => count(value) && value !== 0;
const text: Check = (value) => typeof value === "string";
const instant: Check = (value) => typeof value === "number" && Number.isFinite(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && values.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const record = (shape: Readonly<Record<string, Check>>): Check => {
  const fields = Object.entries(shape);
  return (value) => isJsonObject(value) && fields.every(([name, holds]) => holds(value[name]));
};
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

const message = record({
  id: text,
  source: text,
  type: text,
  stream: text,
  sequence: positive,
  time: optional(instant),
  traceparent: optional(text),
  dependencies: optional(list(text)),
  clock: optional(isJsonObject),
  lamport: optional(count),
  claimCheck: optional(record({ ref: text, sha256: text, bytes: positive })),
  data: isJsonObject,
});

const range = record({ from: positive, to: positive });

const SHAPE: Readonly<Record<keyof Head, Check>> = {
  stream: text,
  version: positive,
  attemptId: optional(text),
  last: count,
  status: oneOf("running", "halted", "draining"),
  recent: text,
  startedAfter: optional(count),
  closed: optional((value) => value === true),
  parked: list(
    record({
      sequence: positive,
      hash: text,
      parkedAt: instant,
      reason: oneOf("early", "halted"),
      message: optional(message),
    }),
  ),
  attempts: count,
  skipped: list(range),
  controls: list(text),
  gap: optional(record({ sequence: positive, tries: count })),
  claim: optional(record({ sequence: positive, owner: text, until: instant })),
  called: optional(record({ sequence: positive, hash: text, times: count })),
  halt: optional(
    record({
      sequence: positive,
      messageId: text,
      hash: optional(text),
      code: text,
      message: text,
      at: instant,
    }),
  ),
  violations: list(
    record({
      kind: oneOf(...VIOLATION_KINDS),
      severity: oneOf(...SEVERITIES),
      sequence: positive,
      messageId: text,
      expected: text,
      actual: text,
      at: instant,
    }),
  ),
  audit: text,
  newest: optional(instant),
  dueAt: optional(instant),
  state: () => true,
};

const FIELDS = Object.entries(SHAPE) as readonly (readonly [keyof Head, Check])[];
