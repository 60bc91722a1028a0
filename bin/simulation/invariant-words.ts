/**
 * The invariants in a few words, for tables whose reader does not know the numbers by heart.
 */

const WORDS: Readonly<Record<number, string>> = {
  1: "order without repeat or gap",
  2: "every message in exactly one place",
  3: "nothing written from an old version",
  4: "head and effect together",
  5: "one content and one result for a key",
  6: "duplicates give one effect",
  7: "no cache leaves an effect out",
  8: "no write of a late holder",
  9: "the answer lists what is not durable",
  10: "nothing passes a halt",
  11: "a redrive changes nothing",
  16: "each violation filed once",
  17: "a saga: all of it or nothing",
  18: "rebuilt state and audit chain agree",
  19: "everything drains, only its own stream waits",
  20: "no unit sold twice, made or lost",
  21: "a hold ends once, a committed one not by a clock",
};

/**
 * `1, order without repeat or gap`
 *
 * @param label the number, with the part of it that broke behind it where there is one
 */
export function invariantWords(label: string): string {
  const words = WORDS[Number.parseInt(label, 10)];
  return words === undefined ? label : `${label}, ${words}`;
}
