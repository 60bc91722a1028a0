// Tables that line up, and spans of time that a person can take in.
import { expect, test } from "vitest";
import { markdownTable, plainTable, seedRange, span } from "../../../../bin/simulation/columns.ts";

const TABLE = {
  headings: ["fault", "fired"],
  rows: [
    ["kill", "1,234"],
    ["a|b", "5"],
  ],
};

test("numbers stand to the right on a terminal", () => {
  expect(plainTable(TABLE)).toEqual(["  fault  fired", "  kill   1,234", "  a|b        5"]);
});

test("a document's cells line up, and a bar in a text divides nothing", () => {
  expect(markdownTable(TABLE)).toEqual([
    "| fault | fired |",
    "| ----- | ----- |",
    "| kill  | 1,234 |",
    "| a\\|b  | 5     |",
  ]);
});

test.each([
  [0, "0 s"],
  [59_999, "59 s"],
  [61_000, "1 min 1 s"],
  [3_600_000 * 5 + 60_000 * 7, "5 h 7 min"],
  [86_400_000 * 3, "3 days 0 h"],
  [86_400_000 + 3_600_000, "1 day 1 h"],
  [86_400_000 * 366, "1 year 1 day"],
  [86_400_000 * 800, "2 years 70 days"],
])("%i ms are %s", (milliseconds, text) => {
  expect(span(milliseconds)).toBe(text);
});

test("a range of seeds ends with the last one", () => {
  expect(seedRange(1, 1)).toBe("seed 1");
  expect(seedRange(11, 10)).toBe("seeds 11 to 20");
});
