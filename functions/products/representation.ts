/**
 * What anybody may see, as HTTP carries it: kept by caches, asked for again by its tag, paged by
 * links.
 */
import { entityTag, matchesEntityTag } from "#adapters/http/entity-tag";
import type { CursorBinding, SignedCursors } from "#adapters/http/signed-cursor";
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

/** Of a list's request, as its schema reads it. */
type ListQuery = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export type Paging = {
  readonly cursors: SignedCursors;
  readonly binding: CursorBinding;
  readonly query: ListQuery;
};

/** What a page says of the next one, in its body and its headers. */
export async function nextPage(
  { cursors, binding, query }: Paging,
  position: string | undefined,
): Promise<{ readonly next?: string; readonly headers: Headers }> {
  if (position === undefined) return { headers: REVALIDATED };
  const next = await cursors.seal(binding, position);
  return { next, headers: { ...REVALIDATED, link: linkTo({ ...query, cursor: next }) } };
}

/**
 * Relative to the request, whose address the function does not know.
 * Source: RFC 8288 section 3; RFC 3986 section 4.2.
 */
function linkTo(query: ListQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `<?${parameters.toString()}>; rel="next"`;
}
