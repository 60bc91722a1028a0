/**
 * An idempotency record as the fields of a hash. Values are bytes in Redis; a result has its kind
 * beside it.
 */
import { Buffer } from "node:buffer";
import type { RedisArgument } from "@redis/client";
import { Failure } from "#kernel/failure";
import { type EpochMs, later } from "#kernel/units";
import type {
  ClaimRequest,
  Completion,
  IdempotencyRecord,
  KeptResult,
} from "#messaging/idempotency/index";

const STATUSES: readonly IdempotencyRecord["status"][] = ["in-progress", "released", "completed"];

export function fieldsOfClaim(
  { owner, payloadHash, leaseMs, keepMs, rank }: ClaimRequest,
  attempt: number,
  now: EpochMs,
): readonly string[] {
  const fields = {
    attempt,
    owner,
    status: "in-progress",
    payloadHash,
    leaseUntil: later(now, leaseMs),
    keepUntil: later(now, keepMs),
    ...(rank !== undefined && { rank }),
  };
  return Object.entries(fields).flatMap(([name, value]) => [name, String(value)]);
}

/** Kind and value. */
export function storedResult(result: KeptResult): readonly [string, RedisArgument] {
  if (typeof result === "string") return ["text", result];
  if (!(result instanceof Uint8Array)) return ["omitted", String(result.omittedBytes)];
  return ["bytes", Buffer.from(result.buffer, result.byteOffset, result.byteLength)];
}

/**
 * @param reply of HGETALL: names and values in turn; empty for no record.
 * @throws Failure `unexpected` (retry) for a hash that this store cannot have written: a newer
 * version, or a repair, can read it, and no effect may be had for one.
 */
export function recordOf(key: string, reply: unknown): IdempotencyRecord | undefined {
  const fields = fieldsIn(key, reply);
  if (fields.size === 0) return undefined;
  const text = (name: string): string => fields.get(name)?.toString() ?? unreadable(key, name);
  const number = (name: string): number => {
    const value = Number(text(name));
    return Number.isSafeInteger(value) ? value : unreadable(key, name);
  };
  const rank = (name: string): { readonly rank?: number } =>
    fields.has(name) ? { rank: number(name) } : {};
  const completion = (): Completion => ({
    owner: text("doneOwner"),
    attempt: number("doneAttempt"),
    payloadHash: text("doneHash"),
    ...rank("doneRank"),
    until: number("doneUntil") as EpochMs,
    result: resultOf(key, text("doneKind"), fields.get("doneResult")),
  });
  return {
    key,
    status: STATUSES.find((one) => one === text("status")) ?? unreadable(key, "status"),
    owner: text("owner"),
    attempt: number("attempt"),
    payloadHash: text("payloadHash"),
    ...rank("rank"),
    leaseUntil: number("leaseUntil") as EpochMs,
    keepUntil: number("keepUntil") as EpochMs,
    ...(fields.has("doneUntil") && { done: completion() }),
  };
}

function fieldsIn(key: string, reply: unknown): ReadonlyMap<string, Buffer> {
  if (!Array.isArray(reply)) return unreadable(key, "reply");
  const fields = new Map<string, Buffer>();
  for (let index = 0; index < reply.length; index += 2) {
    const name: unknown = reply[index];
    const value: unknown = reply[index + 1];
    if (!(name instanceof Buffer && value instanceof Buffer)) return unreadable(key, "reply");
    fields.set(name.toString(), value);
  }
  return fields;
}

function resultOf(key: string, kind: string, value: Buffer | undefined): KeptResult {
  if (value === undefined) return unreadable(key, "doneResult");
  switch (kind) {
    case "text":
      return value.toString();
    case "bytes":
      return Uint8Array.from(value);
    case "omitted":
      return { omittedBytes: Number(value.toString()) };
    default:
      return unreadable(key, "doneKind");
  }
}

function unreadable(key: string, name: string): never {
  throw new Failure(
    "unexpected",
    "retry",
    `The idempotency record of ${JSON.stringify(key)} cannot be read: its field "${name}" is ` +
      "missing or of another type. Give the store a prefix of its own.",
  );
}
