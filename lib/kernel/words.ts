/**
 * What counts as a word, the same when a text is indexed and when it is asked for.
 */

/** Of a longer word the beginning: nobody types more, and edits of it cost time. */
const WORD_CHARACTERS_MAX = 32;

/** Lower case, without accents, in the order of the text; those that repeat are kept. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}+/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.slice(0, WORD_CHARACTERS_MAX));
}
