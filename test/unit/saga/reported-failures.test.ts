// Each failure of other engines that docs/semantics.md lists is tried by the test that it names.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../..");

const titlesListed = (): readonly string[] => {
  const document = readFileSync(join(root, "docs/semantics.md"), "utf8");
  const [, section = ""] = document.split("### What open commerce engines lose\n");
  const rows = (section.split("\n## ")[0] ?? "").matchAll(/\| `(?<title>[^`]+)` +\|$/gm);
  return [...rows].map(({ groups }) => groups?.["title"] ?? "");
};

test("the tests that the list of reported failures names are there, under these names", () => {
  const files = globSync("test/integration/*.test.ts", { cwd: root });
  const code = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const listed = titlesListed();

  expect(listed).not.toEqual([]);
  expect(listed.filter((title) => !code.includes(`test("${title}"`))).toEqual([]);
});
