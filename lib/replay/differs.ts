/**
 * What a judge says where an answer is not the one that has to come.
 */

type Comparable = string | number | undefined;

/** None, or one sentence. */
export function differs(what: string, expected: Comparable, actual: Comparable): readonly string[] {
  if (expected === actual) return [];
  return [`${what}: expected ${shownValue(expected)}, answered ${shownValue(actual)}`];
}

const shownValue = (value: Comparable): string =>
  value === undefined || value === "" ? "none" : String(value);
