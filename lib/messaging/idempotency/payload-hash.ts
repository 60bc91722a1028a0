/**
 * What tells whether two requests under one key are the same: SHA-256 over canonical JSON.
 * Source: RFC 8785 (JSON Canonicalization Scheme) for what equal means; keys in any order, numbers
 * as JavaScript writes them.
 */
import { Failure } from "#kernel/failure";
import { canonicalJson, sha256Hex } from "#kernel/hash";

const DEPTH_MAX = 100;

/**
 * Fields that are undefined count as absent, as in JSON.
 *
 * @throws Failure `invalid-request` (reject) for what JSON cannot carry: two different maps, or NaN
 * and null, would be one text, and one of the two would be dropped as the other's duplicate.
 */
export function payloadHash(payload: unknown): string {
  const fault = faultIn(payload, []);
  if (fault === undefined) return sha256Hex(canonicalJson(payload));
  throw new Failure(
    "invalid-request",
    "reject",
    `The payload cannot be compared: ${fault}. Select a part that is plain JSON, or turn it into ` +
      "text first.",
  );
}

type Path = readonly (string | number)[];

const placeAt = (path: Path): string => (path.length === 0 ? "it" : `/${path.join("/")}`);

function faultIn(value: unknown, path: Path): string | undefined {
  const at = placeAt(path);
  if (path.length > DEPTH_MAX) return `it is deeper than ${DEPTH_MAX} levels`;
  if (value === null || typeof value === "boolean") return undefined;
  if (typeof value === "object") return faultInside(value, path);
  if (typeof value === "string") {
    return value.isWellFormed() ? undefined : `${at} has a lone surrogate`;
  }
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${at} is ${value}`;
  return `${at} is ${value === undefined ? "undefined" : `a ${typeof value}`}`;
}

function faultInside(value: object, path: Path): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === null || prototype === Object.prototype || Array.isArray(value);
  if (!isPlain)
    return `${placeAt(path)} is ${Object.prototype.toString.call(value)}, not plain data`;
  // The entries of a list have its holes, too, which JSON would write as null.
  const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [step, item] of entries) {
    const fault = faultIn(item, [...path, step]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
