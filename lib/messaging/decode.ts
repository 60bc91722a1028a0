/**
 * The wire format: text to message and back. Strict, because what is let in here is stored in
 * heads, named in audit chains and used as keys: an attribute that is unknown, missing or of
 * another type is refused with its reason.
 */
import { Failure } from "#kernel/failure";
import { isJsonObject, type JsonObject } from "#kernel/json";
import { type EpochMs, parseInstant } from "#kernel/units";
import type { Envelope, Message } from "./envelope.ts";
import { utf8Bytes } from "./size.ts";

export type Decoded =
  | { readonly kind: "message"; readonly message: Message }
  /** `cause` says what is wrong, where, and what was received. */
  | { readonly kind: "malformed"; readonly cause: string };

/**
 * 256 KiB: fits an item (400 KB) beside a head; larger payloads travel as a reference to where they
 * are stored.
 */
export const ENVELOPE_BYTES_MAX = 262_144;

/**
 * In UTF-16 units: at most 1,536 bytes, so that a partition key of DynamoDB (2,048 bytes) holds any
 * stream's name.
 */
const TEXT_LENGTH_MAX = 512;

/** Deep enough for any event; shallow enough for every recursive reader behind us. */
const DATA_DEPTH_MAX = 32;

/** Reads one queue body. Never throws: what cannot be read is an answer, for the dead letters. */
export function decode(body: string, bytesMax: number = ENVELOPE_BYTES_MAX): Decoded {
  const bytes = utf8Bytes(body);
  if (bytes > bytesMax) {
    return malformed(`the body has ${bytes} bytes; at most ${bytesMax} are accepted`);
  }
  const parsed = parse(body);
  if (!isJsonObject(parsed)) {
    return malformed(`the body must be one JSON object; received ${excerpt(body)}`);
  }
  const problem = problemOf(parsed);
  return problem === undefined
    ? { kind: "message", message: messageOf(parsed as unknown as Envelope) }
    : malformed(problem);
}

/**
 * The text of an envelope. What `decode` would refuse is not sent.
 *
 * @throws Failure `payload-too-large` or `malformed-message`, action `reject`.
 */
export function encode(envelope: Envelope): string {
  const text = JSON.stringify(envelope);
  const bytes = utf8Bytes(text);
  if (bytes > ENVELOPE_BYTES_MAX) {
    const limit = `at most ${ENVELOPE_BYTES_MAX} can be sent`;
    throw new Failure(
      "payload-too-large",
      "reject",
      `Envelope ${excerpt(envelope.id)} has ${bytes} bytes; ${limit}. Send a reference instead.`,
    );
  }
  const problem = problemOf(JSON.parse(text) as JsonObject);
  if (problem !== undefined) {
    throw new Failure("malformed-message", "reject", `Envelope cannot be sent: ${problem}.`);
  }
  return text;
}

/** What a consumer works with; `time` has been checked before. */
function messageOf(envelope: Envelope): Message {
  const time = envelope.time === undefined ? undefined : parseInstant(envelope.time);
  return {
    id: envelope.id,
    source: envelope.source,
    type: envelope.type,
    stream: envelope.partitionkey,
    sequence: envelope.sequence,
    ...(time === undefined ? {} : { time: time satisfies EpochMs }),
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
    data: envelope.data,
  };
}

type Rule = {
  readonly required: boolean;
  /** What must be there, in words that finish the sentence "must be ...". */
  readonly must: string;
  holds(value: unknown): boolean;
};

const isText = (value: unknown): boolean =>
  typeof value === "string" &&
  value.length > 0 &&
  value.length <= TEXT_LENGTH_MAX &&
  // A lone surrogate has no UTF-8 form: stores would refuse it or change it.
  value.isWellFormed();

const text = (required: boolean): Rule => ({
  required,
  must: `a text of 1 to ${TEXT_LENGTH_MAX} characters`,
  holds: isText,
});

const constant = (required: boolean, expected: string): Rule => ({
  required,
  must: `"${expected}"`,
  holds: (value) => value === expected,
});

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["specversion", constant(true, "1.0")],
  ["id", text(true)],
  ["source", text(true)],
  ["type", text(true)],
  [
    "time",
    {
      required: false,
      must: "an RFC 3339 instant with its offset",
      holds: (value) => typeof value === "string" && parseInstant(value) !== undefined,
    },
  ],
  ["subject", text(false)],
  ["datacontenttype", constant(false, "application/json")],
  ["dataschema", text(false)],
  ["partitionkey", text(true)],
  [
    "sequence",
    {
      required: true,
      must: `an integer from 1 to ${Number.MAX_SAFE_INTEGER}`,
      holds: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
    },
  ],
  ["traceparent", text(false)],
  [
    "data",
    {
      required: true,
      must: `a JSON object of finite numbers, nested at most ${DATA_DEPTH_MAX} deep`,
      holds: (value) => isJsonObject(value) && isBounded(value),
    },
  ],
]);

function problemOf(envelope: JsonObject): string | undefined {
  for (const name of Object.keys(envelope)) {
    if (!RULES.has(name)) {
      const known = [...RULES.keys()].join(", ");
      return `attribute ${excerpt(name)} is unknown; known are ${known}`;
    }
  }
  for (const [name, rule] of RULES) {
    const value = envelope[name];
    if (value === undefined) {
      if (rule.required) return `attribute "${name}" is missing; it must be ${rule.must}`;
    } else if (!rule.holds(value)) {
      return `attribute "${name}" must be ${rule.must}; received ${excerpt(value)}`;
    }
  }
  return undefined;
}

/**
 * Without recursion, so that hostile nesting cannot overflow the stack. 1e400 parses as Infinity
 * and would not survive storing.
 */
function isBounded(data: unknown): boolean {
  let level: unknown[] = [data];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DATA_DEPTH_MAX) return false;
    const deeper: unknown[] = [];
    for (const value of level) {
      if (typeof value === "number" && !Number.isFinite(value)) return false;
      if (typeof value === "object" && value !== null) {
        for (const part of Object.values(value)) deeper.push(part);
      }
    }
    level = deeper;
  }
  return true;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const malformed = (cause: string): Decoded => ({ kind: "malformed", cause });

/**
 * Short enough for a log line and an SQS attribute, and quoted, so that control characters stay
 * visible.
 */
function excerpt(value: unknown): string {
  if (isJsonObject(value)) return "an object";
  if (Array.isArray(value)) return "an array";
  const quoted = JSON.stringify(value) ?? String(value);
  return quoted.length <= 80 ? quoted : `${quoted.slice(0, 80)}...`;
}
