/**
 * Whether a copy will not do, as for who reads what he has just written.
 */

/**
 * @param headers of the request, names in lower case
 * Source: RFC 9111 sections 5.2.1.1 and 5.2.1.4.
 */
export const wantsAnew = (headers: Readonly<Record<string, string>>): boolean =>
  /(?:^|[\s,])(?:no-cache|max-age=0+)(?=[\s,]|$)/i.test(headers["cache-control"] ?? "");
