/**
 * An answer with a strong entity tag, sent again only when it changed.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { HttpAnswer } from "#runtime/http-route";

/** Anybody may keep a copy but has to ask whether it still holds: prices change. */
export function revalidated(body: unknown, headers: Readonly<Record<string, string>>): HttpAnswer {
  const tagged = { "cache-control": "public, no-cache", etag: entityTag(body) };
  const unchanged = matchesEntityTag(headers["if-none-match"], tagged.etag);
  return unchanged ? { status: 304, headers: tagged } : { status: 200, body, headers: tagged };
}
