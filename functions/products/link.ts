/**
 * Where the next page is, for clients that follow links.
 */

/**
 * The same query with another cursor, relative to the request, whose address the function does not
 * know. Source: RFC 8288 section 3; RFC 3986 section 4.2.
 */
export function linkToNext(query: Readonly<Record<string, unknown>>, cursor: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, cursor })) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return `<?${parameters.toString()}>; rel="next"`;
}
