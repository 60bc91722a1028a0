/**
 * Strong entity tags (RFC 9110 section 8.8.3): a digest of exactly the representation that is sent.
 */
import { sha256Hex } from "#kernel/hash";

/** @param body what will be sent, as JSON.stringify writes it */
export const entityTag = (body: unknown): string =>
  `"${sha256Hex(JSON.stringify(body)).slice(0, 32)}"`;

/**
 * Whether an If-None-Match holds the tag, so that the caller has this representation already. Weak
 * comparison, and `*` stands for any (RFC 9110 section 13.1.2).
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === "*") return true;
  return [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([given]) => given === tag);
}

/**
 * Whether an If-Match holds the tag, so that the caller speaks of this representation. Strong
 * comparison: a weak tag matches none; `*` stands for any that is there (RFC 9110 section 13.1.1).
 */
export function holdsEntityTag(ifMatch: string, tag: string): boolean {
  if (ifMatch.trim() === "*") return true;
  return [...ifMatch.matchAll(/(W\/)?("[^"]*")/g)].some(
    ([, weak, given]) => weak === undefined && given === tag,
  );
}
