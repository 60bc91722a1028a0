/**
 * Digests with one spelling everywhere: what is hashed is always UTF-8 text, the answer always
 * text.
 */
import { createHash, hash } from "node:crypto";

/** SHA-256 in lower-case hex (FIPS 180-4). */
export const sha256Hex = (text: string): string => hash("sha256", text);

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The first 130 bits of SHA-256 as 26 characters of Crockford's base 32: an id that follows from
 * its text.
 */
export function sha256Crockford26(text: string): string {
  const digest = createHash("sha256").update(text, "utf8").digest();
  let bits = 0;
  let value = 0;
  let id = "";
  for (const byte of digest) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && id.length < 26) {
      id += CROCKFORD.charAt((value >>> (bits - 5)) & 31);
      bits -= 5;
    }
    value &= (1 << bits) - 1;
  }
  return id;
}

/**
 * JSON with the keys of every object sorted, so that equal values have equal text (the idea of RFC
 * 8785).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(byKey)) : part,
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
