/**
 * What an order was short of, on its way from the inventory's task to the order: a workflow hears
 * nothing of a failed task but a name and a text, so it is the last line of that text.
 */
import * as z from "zod/mini";
import { SKU } from "./order-words.ts";
import "./events/english.ts";

/** Units of one SKU. `available`: how many there were; absent where nobody has counted. */
export const shortLine = z.strictObject({
  sku: z.string().check(z.regex(SKU.pattern, SKU.says)),
  requested: z.int().check(z.minimum(1)),
  available: z.optional(z.int().check(z.minimum(0))),
});

export type ShortLine = Readonly<z.infer<typeof shortLine>>;

/** As much of a text as an order keeps. */
export const DETAIL_MAX = 2_048;

/**
 * Characters of the text with its data, which the saga passes on: more than 97 SKUs of 64 take, the
 * most that one order holds. The cause of a failed task, which says it twice, may have 32,768
 * bytes.
 */
export const SHORT_TEXT_MAX = 16_384;

/** @param detail for people */
export const withShort = (detail: string, short: readonly ShortLine[]): string =>
  short.length === 0 ? detail : `${detail}${MARK}${JSON.stringify(short)}${END}`;

/** A text without such data, or with what is left of it, is only said to people. */
export function readShort(text: string): {
  readonly detail: string;
  readonly short?: readonly ShortLine[];
} {
  const at = text.lastIndexOf(MARK);
  if (at < 0) return { detail: text.slice(0, DETAIL_MAX) };
  const detail = text.slice(0, at).slice(0, DETAIL_MAX);
  const parsed = carried.safeParse(jsonOf(text.slice(at + 1)));
  return parsed.success ? { detail, short: parsed.data.short } : { detail };
}

const MARK = '\n{"short":';
const END = "}";

const carried = z.strictObject({ short: z.array(shortLine) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
