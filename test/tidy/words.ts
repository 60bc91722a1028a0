/**
 * How the rules that look for words read a line.
 */

/** What the first of the patterns that occurs in the text has matched. */
export function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  return undefined;
}
