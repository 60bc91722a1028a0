/**
 * An idempotency record as an item. Results keep their kind: text is an attribute of type S, bytes
 * of type B, and of a result that was not kept there is its size, of type N.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type {
  Completion,
  IdempotencyRecord,
  KeptResult,
  Precedent,
} from "#messaging/idempotency/index";

export type Attributes = Readonly<Record<string, AttributeValue>>;

export const STATUS = {
  inProgress: "in-progress",
  released: "released",
  completed: "completed",
} as const satisfies Record<string, IdempotencyRecord["status"]>;

const STATUSES: readonly IdempotencyRecord["status"][] = Object.values(STATUS);

export const keyOf = (key: string) => ({ pk: { S: key }, sk: { S: "idempotency" } });

export function storedResult(result: KeptResult): AttributeValue {
  if (typeof result === "string") return { S: result };
  return result instanceof Uint8Array ? { B: result } : { N: String(result.omittedBytes) };
}

/**
 * @throws Failure `unexpected` (retry) for an item that this store cannot have written: a newer
 * version, or a repair, can read it, and no effect may be had for one.
 */
export function recordOf(key: string, item: Attributes | undefined): IdempotencyRecord | undefined {
  if (item === undefined) return undefined;
  const done = completionOf(key, item);
  const status = STATUSES.find((one) => one === item["status"]?.S);
  return {
    key,
    status: status ?? unreadable(key, "status"),
    owner: textOf(key, item, "owner"),
    attempt: numberOf(key, item, "attempt"),
    payloadHash: textOf(key, item, "payloadHash"),
    ...rankOf(key, item, "rank"),
    leaseUntil: numberOf(key, item, "leaseUntil") as EpochMs,
    keepUntil: numberOf(key, item, "keepUntil") as EpochMs,
    ...(done !== undefined && { done }),
  };
}

function completionOf(key: string, item: Attributes): Completion | undefined {
  if (item["doneUntil"] === undefined) return undefined;
  return {
    owner: textOf(key, item, "doneOwner"),
    attempt: numberOf(key, item, "doneAttempt"),
    payloadHash: textOf(key, item, "doneHash"),
    ...rankOf(key, item, "doneRank"),
    until: numberOf(key, item, "doneUntil") as EpochMs,
    result: resultOf(key, item["doneResult"]),
  };
}

function resultOf(key: string, value: AttributeValue | undefined): KeptResult {
  if (value?.S !== undefined) return value.S;
  if (value?.B !== undefined) return value.B;
  if (value?.N !== undefined) return { omittedBytes: Number(value.N) };
  return unreadable(key, "doneResult");
}

const rankOf = (key: string, item: Attributes, name: string): { readonly rank?: number } =>
  item[name]?.N === undefined ? {} : { rank: numberOf(key, item, name) };

const textOf = (key: string, item: Attributes, name: string): string =>
  item[name]?.S ?? unreadable(key, name);

function numberOf(key: string, item: Attributes, name: string): number {
  const value = Number(item[name]?.N ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : unreadable(key, name);
}

function unreadable(key: string, name: string): never {
  throw new Failure(
    "unexpected",
    "retry",
    `The idempotency record of ${JSON.stringify(key)} cannot be read: its attribute "${name}" is ` +
      "missing or of another type. Give the store a table or keys of its own.",
  );
}

/** From the values that a claim replaced, as DynamoDB answers them. */
export function whatPreceded(
  before: Attributes,
  now: EpochMs,
): { readonly attempt: number; readonly precedent: Precedent } {
  const attempt = Number(before["attempt"]?.N ?? 0);
  if (attempt === 0) return { attempt, precedent: "nothing" };
  if (Number(before["keepUntil"]?.N) <= now) return { attempt, precedent: "expired" };
  const status = before["status"]?.S;
  if (status === STATUS.released) return { attempt, precedent: "released" };
  return { attempt, precedent: status === STATUS.completed ? "older" : "abandoned" };
}
