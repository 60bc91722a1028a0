/**
 * JSON can escape half of a surrogate pair, which is no character: no store takes it and no reader
 * can show it, so it is refused before anybody works with it.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import { pointerOf } from "./validation.ts";

/** What is escaped so may be half a pair; all other text came as UTF-8, which has no halves. */
const SURROGATE = /\\u[dD][89a-fA-F]/;
const DETAILS_MAX = 20;

/**
 * The value itself. Errors: `invalid-request` (reject), with a pointer for each text or name that
 * is none. Source: RFC 7493 section 2.1.
 * @param text the JSON that the value was parsed from
 */
export function wellFormed(value: unknown, text: string): unknown {
  if (!SURROGATE.test(text)) return value;
  const details = halvesIn(value, []).slice(0, DETAILS_MAX);
  if (details.length === 0) return value;
  throw new Failure("invalid-request", "reject", "The body has half a character in it.", {
    details,
  });
}

function halvesIn(value: unknown, path: readonly string[]): readonly FailureDetail[] {
  if (typeof value === "string") return value.isWellFormed() ? [] : [halfAt(path)];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name.isWellFormed() ? halvesIn(inner, [...path, name]) : [halfAt(path)],
  );
}

const halfAt = (path: readonly string[]): FailureDetail => ({
  pointer: pointerOf("", path),
  detail: "A surrogate without its other half is no character.",
});
