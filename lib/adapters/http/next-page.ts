/**
 * What a page of a list says of the next one: a cursor in its body, and a link for clients that
 * follow those.
 */
import type { CursorBinding, SignedCursors } from "./signed-cursor.ts";

/** Of a list's request, as its schema reads it. */
type ListQuery = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export type Paging = {
  readonly cursors: SignedCursors;
  readonly binding: CursorBinding;
  readonly query: ListQuery;
};

/** Behind which position the page starts; of the first there is none. Errors: as `open`. */
export async function startOf({
  cursors,
  binding,
  query: { cursor },
}: Paging): Promise<{ readonly after?: string }> {
  return typeof cursor === "string" ? { after: await cursors.open(binding, cursor) } : {};
}

/** Nothing of either on the last page. */
export async function nextPage(
  { cursors, binding, query }: Paging,
  position: string | undefined,
): Promise<{ readonly next?: string; readonly headers: Readonly<Record<string, string>> }> {
  if (position === undefined) return { headers: {} };
  const next = await cursors.seal(binding, position);
  return { next, headers: { link: linkTo({ ...query, cursor: next }) } };
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
