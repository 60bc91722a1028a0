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
  return {
    async seal(binding, position) {
      const mac = macOf(await secret(), binding, position);
      return `${Buffer.from(position, "utf8").toString("base64url")}.${mac.toString("base64url")}`;
    },
    async open(binding, cursor) {
      const [, position, mac] = CURSOR.exec(cursor) ?? [];
      if (position === undefined || mac === undefined) throw notOurs();
      const text = Buffer.from(position, "base64url").toString("utf8");
      const given = Buffer.from(mac, "base64url");
      const expected = macOf(await secret(), binding, text);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw notOurs();
      return text;
    },
  };
}

const CURSOR = /^([\w-]+)\.([\w-]{43})$/;

const macOf = (secret: string, binding: CursorBinding, position: string): Buffer =>
  createHmac("sha256", secret)
    .update(canonicalJson([binding, position]), "utf8")
    .digest();

const notOurs = (): Failure =>
  new Failure("invalid-request", "reject", "The cursor is not one that this list has given out.", {
    details: [
      { pointer: "/query/cursor", detail: "Use the `next` of an earlier page, or leave it out." },
    ],
  });
