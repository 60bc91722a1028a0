/**
 * Compares two digests in a time that does not tell where they begin to differ.
 */

/** Both are texts of one digest in one notation; other lengths are never the same. */
export function sameDigest(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let index = 0; index < one.length; index += 1) {
    difference |= one.charCodeAt(index) ^ other.charCodeAt(index % Math.max(1, other.length));
  }
  return difference === 0;
}
