/**
 * The wire format: text to message and back. Strict, because what is let in here is stored in
 * heads, named in audit chains and used as keys: an attribute that is unknown, missing or of
 * another type is refused with its reason.
 */
import { Failure } from "#kernel/failure";
import { isJsonObject, type JsonObject } from "#kernel/json";
import { parseInstant } from "#kernel/units";
import { CONTROL_TYPE_PREFIX, type Control, controlOf } from "../control/control.ts";
import { CLAIMED_BYTES_MAX } from "./claim-check.ts";
import type { ControlEnvelope, Message, SentEnvelope } from "./envelope.ts";
import { bytesWritten, utf8Bytes } from "./size.ts";
import { wireText } from "./wire-text.ts";

export type Decoded =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "control"; readonly control: Control }
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

/** Of an attribute that holds JSON, in UTF-16 units. */
const JSON_TEXT_LENGTH_MAX = 8_192;

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
  const problem = isEnvelope(parsed) ? undefined : problemOf(parsed);
  if (problem !== undefined) return malformed(problem);
  const written = bytesWritten(parsed, bytes, bytesMax);
  if (written > bytesMax) {
    return malformed(`the body has ${written} bytes when written again; at most ${bytesMax} fit`);
  }
  if (!isControl(parsed)) return { kind: "message", message: messageOf(parsed as SentEnvelope) };
  const control = controlOf(parsed as ControlEnvelope);
  return typeof control === "string" ? malformed(control) : { kind: "control", control };
}

/**
 * The text of an envelope. What `decode` would refuse is not sent.
 *
 * @throws Failure `payload-too-large` or `malformed-message`, action `reject`.
 */
export function encode(envelope: SentEnvelope | ControlEnvelope): string {
  const text = wireText(envelope);
  const bytes = utf8Bytes(text);
  if (bytes > ENVELOPE_BYTES_MAX) {
    const limit = `at most ${ENVELOPE_BYTES_MAX} can be sent`;
    throw new Failure(
      "payload-too-large",
      "reject",
      `Envelope ${excerpt(envelope.id)} has ${bytes} bytes; ${limit}. Send a reference instead.`,
    );
  }
  const parsed = JSON.parse(text) as JsonObject;
  const problem = problemOf(parsed) ?? problemOfControl(parsed);
  if (problem !== undefined) {
    throw new Failure("malformed-message", "reject", `Envelope cannot be sent: ${problem}.`);
  }
  return text;
}

/** What a consumer works with; `time` has been checked before. */
export function messageOf(envelope: SentEnvelope): Message {
  const { traceparent, dependencies, clock, lamport } = envelope;
  const message: { -readonly [Name in keyof Message]: Message[Name] } = {
    id: envelope.id,
    source: envelope.source,
    type: envelope.type,
    stream: envelope.partitionkey,
    sequence: envelope.sequence,
    data: "data" in envelope ? envelope.data : {},
  };
  const time = envelope.time === undefined ? undefined : parseInstant(envelope.time);
  if (time !== undefined) message.time = time;
  if (traceparent !== undefined) message.traceparent = traceparent;
  if (dependencies !== undefined) message.dependencies = JSON.parse(dependencies) as string[];
  if (clock !== undefined) message.clock = JSON.parse(clock) as Record<string, number>;
  if (lamport !== undefined) message.lamport = lamport;
  if (!("data" in envelope)) {
    const { dataref: ref, datasha256: sha256, datasize: bytes } = envelope;
    message.claimCheck = { ref, sha256, bytes };
  }
  return message;
}

const isControl = ({ type }: JsonObject): boolean =>
  typeof type === "string" && type.startsWith(CONTROL_TYPE_PREFIX);

function problemOfControl(envelope: JsonObject): string | undefined {
  const control = isControl(envelope) ? controlOf(envelope as ControlEnvelope) : undefined;
  return typeof control === "string" ? control : undefined;
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

const integer = (required: boolean, from: number, to: number): Rule => ({
  required,
  must: `an integer from ${from} to ${to}`,
  holds: (value) =>
    Number.isSafeInteger(value) && (value as number) >= from && (value as number) <= to,
});

/** A text that holds JSON, because an attribute of CloudEvents is no array and no object. */
const jsonText = (must: string, holds: (value: unknown) => boolean): Rule => ({
  required: false,
  must,
  holds: (value) =>
    typeof value === "string" && value.length <= JSON_TEXT_LENGTH_MAX && holds(parse(value)),
});

const isCounter = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

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
  ["sequence", integer(true, 1, Number.MAX_SAFE_INTEGER)],
  ["traceparent", text(false)],
  [
    "dependencies",
    jsonText("a JSON array of texts", (value) => Array.isArray(value) && value.every(isText)),
  ],
  [
    "clock",
    jsonText(
      "a JSON object of counters",
      (value) => isJsonObject(value) && Object.values(value).every(isCounter),
    ),
  ],
  ["lamport", integer(false, 0, Number.MAX_SAFE_INTEGER)],
  [
    "data",
    {
      required: true,
      must: `a JSON object of finite numbers, nested at most ${DATA_DEPTH_MAX} deep`,
      holds: (value) => isJsonObject(value) && isBounded(value),
    },
  ],
]);

/** What stands in the place of `data` in a claim check. */
const CLAIM_RULES: readonly (readonly [string, Rule])[] = [
  ["dataref", text(true)],
  [
    "datasha256",
    {
      required: true,
      must: "a SHA-256 in hex",
      holds: (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value),
    },
  ],
  ["datasize", integer(true, 1, CLAIMED_BYTES_MAX)],
];

const CLAIM_CHECK_RULES = withoutRules(["data"], CLAIM_RULES);
const CONTROL_RULES = withoutRules(["sequence", "dependencies", "clock", "lamport"], []);

/** How many attributes each set of rules asks for. */
const REQUIRED = new Map(
  [RULES, CLAIM_CHECK_RULES, CONTROL_RULES].map((rules) => [
    rules,
    [...rules.values()].filter(({ required }) => required).length,
  ]),
);

function withoutRules(
  names: readonly string[],
  more: readonly (readonly [string, Rule])[],
): ReadonlyMap<string, Rule> {
  return new Map([...[...RULES].filter(([name]) => !names.includes(name)), ...more]);
}

function rulesFor(envelope: JsonObject): ReadonlyMap<string, Rule> {
  if (isControl(envelope)) return CONTROL_RULES;
  return envelope["dataref"] === undefined ? RULES : CLAIM_CHECK_RULES;
}

/** The same as that there is no problem, in one pass over what is there. */
function isEnvelope(envelope: JsonObject): boolean {
  const rules = rulesFor(envelope);
  let required = 0;
  for (const name of Object.keys(envelope)) {
    const rule = rules.get(name);
    if (rule === undefined || !rule.holds(envelope[name])) return false;
    if (rule.required) required += 1;
  }
  return required === REQUIRED.get(rules);
}

function problemOf(envelope: JsonObject): string | undefined {
  const rules = rulesFor(envelope);
  for (const name of Object.keys(envelope)) {
    if (!rules.has(name)) {
      const known = [...rules.keys()].join(", ");
      return `attribute ${excerpt(name)} is unknown; known are ${known}`;
    }
  }
  for (const [name, rule] of rules) {
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
 * The depth bounds the recursion, so that hostile nesting cannot overflow the stack. 1e400 parses
 * as Infinity and would not survive storing.
 */
function isBounded(value: unknown, depth = 0): boolean {
  if (depth > DATA_DEPTH_MAX) return false;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every((part) => isBounded(part, depth + 1));
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
