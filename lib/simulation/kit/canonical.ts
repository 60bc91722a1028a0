/**
 * One text for equal values, whatever the order in which they were put together.
 */
import { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";

/** Maps and sets as what is in them; properties by name. Errors: `misconfigured` for functions. */
export function plainValue(value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "number") {
    return value;
  }
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return sorted([...value].map(([key, one]) => [keyOf(key), one]));
  if (value instanceof Set) return [...value].map((one) => canonical(one)).toSorted();
  if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer)];
  if (typeof value === "object") return sorted(Object.entries(value));
  const what = `A ${typeof value} cannot be compared: keep only data in the world and the states.`;
  throw new Failure("misconfigured", "reject", what);
}

export const canonical = (value: unknown): string => JSON.stringify(plainValue(value));

const keyOf = (key: unknown): string => (typeof key === "string" ? key : canonical(key));

const sorted = (entries: readonly (readonly [string, unknown])[]): Json =>
  Object.fromEntries(
    entries
      .filter(([, value]) => value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => [key, plainValue(value)]),
  );
