/**
 * Cursors that only we can make: a position in a list, bound to the list and its filter by an HMAC.
 * A caller can neither read another's list by editing one nor carry one over to another list.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { Failure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";

/**
 * What a cursor holds for: the route, and whatever narrows the list (its owner, its filter); not
 * the page's size.
 */
export type CursorBinding = { readonly route: string; readonly [filter: string]: string };

export type SignedCursors = {
  seal(binding: CursorBinding, position: string): Promise<string>;
  /**
   * Answers the position. Errors: `invalid-request` (reject) for a cursor that was not sealed for
   * this binding.
   */
  open(binding: CursorBinding, cursor: string): Promise<string>;
};

/**
 * @param secret text with at least 256 random bits; asked for at every use, so it may be rotated
 */
export function signedCursors(secret: () => Promise<string>): SignedCursors {
  const seal = async (binding: CursorBinding, position: string): Promise<string> => {
    const mac = macOf(await secret(), binding, position);
    return `${Buffer.from(position, "utf8").toString("base64url")}.${mac}`;
  };
  return {
    seal,
    /** Sealed again, the position must give the same text: one position has one cursor. */
    async open(binding, cursor) {
      const [encoded = ""] = cursor.split(".", 1);
      const position = Buffer.from(encoded, "base64url").toString("utf8");
      if (!sameText(cursor, await seal(binding, position))) throw notOurs();
      return position;
    },
  };
}

/** In a time that does not tell where they begin to differ. */
function sameText(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

const macOf = (secret: string, binding: CursorBinding, position: string): string =>
  createHmac("sha256", secret)
    .update(canonicalJson([binding, position]), "utf8")
    .digest("base64url");

const notOurs = (): Failure =>
  new Failure("invalid-request", "reject", "The cursor is not one that this list has given out.", {
    details: [
      { pointer: "/query/cursor", detail: "Use the `next` of an earlier page, or leave it out." },
    ],
  });
