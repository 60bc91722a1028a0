/**
 * What anybody may see, as HTTP carries it: kept by caches, asked for again by its tag.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { HttpAnswer } from "#runtime/http-route";

/** Anybody may keep a copy but has to ask whether it still holds: prices change. */
export const REVALIDATED = { "cache-control": "public, no-cache" } as const;

type Headers = Readonly<Record<string, string>>;

/**
 * Whole, or 304 to who has it already.
 *
 * @param headers of the request, names in lower case
 * @param more headers of the answer
 */
export function representation(body: unknown, headers: Headers, more: Headers = {}): HttpAnswer {
  const tagged = { ...REVALIDATED, ...more, etag: entityTag(body) };
  const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
  return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
}
