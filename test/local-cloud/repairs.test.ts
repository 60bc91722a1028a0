/**
 * A repair explains itself and is shown to be needed; one that cannot is one that nobody dares to
 * remove.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";

const repairs = join(import.meta.dirname, "..", "..", "local-cloud", "repairs");
const names = readdirSync(repairs)
  .filter((file) => file.endsWith(".py"))
  .map((file) => basename(file, ".py"));

test.for(names)("%s opens with its reason, the fault and the upstream place", (name) => {
  const text = readFileSync(join(repairs, `${name}.py`), "utf8");
  const opening = /^"""([^]*?)"""/.exec(text)?.[1];

  expect(opening).toMatch(/\n\nWithout it /);
  expect(opening).toMatch(/\nUpstream: /);
});

test.for(names)("%s has a test that shows its fault", (name) => {
  const tests = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(import.meta.dirname, file), "utf8"));

  expect(
    tests.some(
      (text) => text.includes(`test("${name}: `) || text.includes(`test.concurrent("${name}: `),
    ),
  ).toBe(true);
});
