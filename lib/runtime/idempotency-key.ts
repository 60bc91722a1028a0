/**
 * The header `Idempotency-Key`: the caller's own name for one request, the same on every
 * repetition.
 */
import { Failure } from "#kernel/failure";

/**
 * The key itself: 1-255 visible ASCII characters, bare or as a structured string in quotes, which
 * stand for the same key.
 * Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.1; RFC 9651 section 3.3.3.
 * Errors: `idempotency-key-missing`, `invalid-request` (both reject).
 *
 * @param headers names in lower case
 */
export function idempotencyKey(headers: Readonly<Record<string, string>>): string {
  const header = (headers["idempotency-key"] ?? "").trim();
  if (header === "") {
    throw new Failure(
      "idempotency-key-missing",
      "reject",
      "Send an Idempotency-Key: a text of your own, new for every request and the same when you " +
        "repeat it.",
    );
  }
  const key = header.startsWith('"') ? unquoted(header) : header;
  if (key !== undefined && KEY.test(key)) return key;
  throw new Failure(
    "invalid-request",
    "reject",
    "An Idempotency-Key has 1-255 visible ASCII characters, bare or in double quotes; " +
      `received ${JSON.stringify(header.slice(0, SHOWN_CHARACTERS_MAX))}.`,
  );
}

const KEY = /^[\x21-\x7e]{1,255}$/;
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const SHOWN_CHARACTERS_MAX = 80;

const unquoted = (header: string): string | undefined =>
  QUOTED.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, "$1");
