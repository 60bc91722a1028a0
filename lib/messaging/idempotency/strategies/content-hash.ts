/**
 * Once for each content: for senders that give nothing that names a piece of work.
 */
import { Failure } from "#kernel/failure";
import { placeOf, type Selector, select } from "../selector.ts";
import { payloadHash } from "../payload-hash.ts";
import type { Strategy } from "./strategy.ts";

export type ByContentHash<Input> = { readonly content: Selector<Input> };

/**
 * The key is SHA-256 over the content's canonical JSON, so the order of its fields does not count.
 *
 * What it cannot detect:
 * - that two equal contents were both meant: two like orders within `keepMs` are one;
 * - that two contents mean the same: a time, a counter or a trace id in `content` makes each
 *   delivery another one, and all are applied;
 * - another content for the same work, as there is no key to compare it under;
 * - order.
 *
 * @throws Failure (reject): `idempotency-key-missing` for content with nothing in it, which all
 * inputs without content would share; `invalid-request` for what is not plain JSON.
 */
export const byContentHash =
  <Input>({ content }: ByContentHash<Input>): Strategy<Input> =>
  (input) => {
    const found = select(content, input);
    if (isEmpty(found)) {
      throw new Failure(
        "idempotency-key-missing",
        "reject",
        `There is no content ${placeOf(content)}: it is ${JSON.stringify(found) ?? "undefined"}. ` +
          "Let every input have some, or choose another place.",
      );
    }
    const hash = payloadHash(found);
    return { key: hash, payloadHash: hash };
  };

function isEmpty(found: unknown): boolean {
  if (found === undefined || found === null) return true;
  if (typeof found === "string") return found.trim() === "";
  return typeof found === "object" && Object.keys(found).length === 0 && isPlain(found);
}

/** A Map has no keys of its own either; that it cannot be compared is the better message. */
const isPlain = (found: object): boolean =>
  Array.isArray(found) || Object.getPrototypeOf(found) === Object.prototype;
