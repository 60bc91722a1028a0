/**
 * What an access token says, for tests that look for what its holder has written.
 */

export function subjectOf(token: string): string {
  const [, claims = ""] = token.split(".");
  const { sub } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as { sub: string };
  return sub;
}
