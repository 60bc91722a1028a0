/**
 * How a commit is written as an item, for the store that writes it and the relay that reads it from
 * the change stream.
 *
 *     pk <stream>   sk commit#<10 digits>   format, events (JSON), firstSequence, lastSequence,
 *     recordedAt, fingerprint,
 *                                           traceparent, attempt, snapshot (JSON)
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import type { StreamSnapshot, WithSnapshot } from "#contracts/snapshot";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { Commit, StoredEvent } from "#messaging";

/** An item as the SDK has it, or a change stream's record. */
export type Image = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

export const COMMIT_PREFIX = ITEM_PREFIXES.commit;

const FORMAT = "1";
const NUMBER_DIGITS = 10;
export const COMMIT_NUMBER_MAX = 10 ** NUMBER_DIGITS - 1;

/** Ten digits sort as numbers do. */
export function commitKey(number: number): string {
  const digits = String(number).padStart(NUMBER_DIGITS, "0");
  if (Number.isSafeInteger(number) && number >= 1 && digits.length === NUMBER_DIGITS) {
    return `${COMMIT_PREFIX}${digits}`;
  }
  const range = `an integer of 1 to ${NUMBER_DIGITS} digits, from 1`;
  throw new Failure("unexpected", "reject", `A commit's number is ${range}; received ${number}.`);
}

/** @param attempt names the write, so that a writer whose answer was lost knows its own item. */
export function commitItem(
  commit: Commit & WithSnapshot,
  attempt: string,
): Record<string, AttributeValue> {
  const { stream, number, events, recordedAt, fingerprint, traceparent, snapshot } = commit;
  const [first, last] = [events.at(0), events.at(-1)];
  if (first === undefined || last === undefined) {
    throw new Failure("unexpected", "reject", `Commit ${number} of ${stream} has no event.`);
  }
  return {
    pk: { S: stream },
    sk: { S: commitKey(number) },
    format: { N: FORMAT },
    events: { S: JSON.stringify(events) },
    firstSequence: { N: String(first.sequence) },
    lastSequence: { N: String(last.sequence) },
    recordedAt: { N: String(recordedAt) },
    attempt: { S: attempt },
    ...(fingerprint === undefined ? {} : { fingerprint: { S: fingerprint } }),
    ...(traceparent === undefined ? {} : { traceparent: { S: traceparent } }),
    ...(snapshot === undefined ? {} : { snapshot: { S: JSON.stringify(snapshot) } }),
  };
}

/**
 * Undefined for an item that is no commit (a head, for example).
 *
 * @throws Failure `unexpected`, action `retry`, for a commit that cannot be read: a newer version
 * of this code may.
 */
export function commitOf(item: Image): (Commit & WithSnapshot) | undefined {
  const stream = item["pk"]?.S;
  const key = item["sk"]?.S;
  if (stream === undefined || key?.startsWith(COMMIT_PREFIX) !== true) return undefined;

  const format = item["format"]?.N;
  if (format !== FORMAT) throw unreadable(stream, key, `its format is ${format}, not ${FORMAT}`);
  const events = eventsOf(item["events"]?.S);
  if (events === undefined) throw unreadable(stream, key, "its events are missing or malformed");
  const recordedAt = Number(item["recordedAt"]?.N ?? Number.NaN);
  if (!Number.isFinite(recordedAt)) throw unreadable(stream, key, "it has no time");

  const fingerprint = item["fingerprint"]?.S;
  const traceparent = item["traceparent"]?.S;
  const snapshot = snapshotOf(item["snapshot"]?.S);
  return {
    stream,
    number: Number(key.slice(COMMIT_PREFIX.length)),
    events,
    recordedAt: recordedAt as EpochMs,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(snapshot === undefined ? {} : { snapshot }),
  };
}

/** One that cannot be read is none: the events say the same. */
function snapshotOf(text: string | undefined): StreamSnapshot | undefined {
  const { version, state } = (text === undefined ? undefined : parseJsonObject(text)) ?? {};
  if (typeof version !== "number" || state === undefined) return undefined;
  return { version, state };
}

function eventsOf(text: string | undefined): readonly StoredEvent[] | undefined {
  try {
    const events: unknown = JSON.parse(text ?? "");
    return Array.isArray(events) && events.length > 0 && events.every(isStoredEvent)
      ? events
      : undefined;
  } catch {
    return undefined;
  }
}

function isStoredEvent(value: unknown): value is StoredEvent {
  if (typeof value !== "object" || value === null) return false;
  const { type, sequence, data } = value as Record<string, unknown>;
  return (
    typeof type === "string" &&
    Number.isSafeInteger(sequence) &&
    typeof data === "object" &&
    data !== null
  );
}

const unreadable = (stream: string, key: string, why: string): Failure =>
  new Failure("unexpected", "retry", `${key} of stream ${stream} cannot be read: ${why}.`);
