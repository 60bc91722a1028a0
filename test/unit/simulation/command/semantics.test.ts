// Each number that docs/semantics.md proves a promise by is said in words, in the simulator's own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { invariantWords } from "../../../../bin/simulation/invariant-words.ts";

const document = readFileSync(join(import.meta.dirname, "../../../../docs/semantics.md"), "utf8");
const [, legend = ""] = document.split("### The invariants\n");

/** Of the list of invariants: the number, and its words. */
const listed = [...(legend.split("\n## ")[0] ?? "").matchAll(/^\| \[(\d+)\] +\| (.*?) +\|$/gm)].map(
  ([, number = "", words = ""]) => [number, words] as const,
);

test("every number in brackets is in the list of invariants", () => {
  const cited = [...document.matchAll(/\[(\d+)\]/g)].map(([, number]) => number);

  expect(new Set(cited)).toEqual(new Set(listed.map(([number]) => number)));
  expect(listed.length).toBeGreaterThan(10);
});

test.each(listed)("invariant %s is listed in the simulator's words", (number, words) => {
  expect(invariantWords(number)).toBe(`${number}, ${words}`);
});
