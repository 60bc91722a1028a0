// The order of release versions, as the X-Ray SDK asks for it.
import { expect, test } from "vitest";
import { gte } from "#runtime/version-order";

test.each([
  ["2.7.15", "2.7.15", true],
  ["2.7.16", "2.7.15", true],
  ["2.10.0", "2.7.15", true],
  ["3.0.0", "2.7.15", true],
  ["2.7.14", "2.7.15", false],
  ["2.6.99", "2.7.15", false],
  ["1.99.99", "2.7.15", false],
])("%s is at least %s: %s", (version, least, expected) => {
  expect(gte(version, least)).toBe(expected);
});
