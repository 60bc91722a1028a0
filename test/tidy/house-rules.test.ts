import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allRules } from "./all-rules.ts";
import { findingsOf, type SourceFile, type Tree } from "./rule.ts";
import { foreignWords } from "./rules/foreign-words.ts";
import { lockWithoutPlaces } from "./rules/lock-without-places.ts";
import { projectTree, sampleTree, samplesFolder, textTree } from "./tree.ts";

const project = projectTree();

test.each(allRules)("the project keeps the rule $name", (rule) => {
  expect(findingsOf([rule], project)).toEqual([]);
});

test("good code that looks like bad code is left alone", () => {
  expect(findingsOf(allRules, sampleTree("clean"))).toEqual([]);
});

/** Its bad words must not stand anywhere, so its samples are put together below. */
const sampled = allRules.filter((rule) => rule !== foreignWords);

test.each(sampled)("every bad sample of $name is caught, by this rule alone", ({ name }) => {
  const tree = sampleTree(`rules/${name}`);
  const findings = findingsOf(allRules, tree).map(placeOf);

  expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set([name]));
  for (const file of tree.files) {
    const found = findings.filter(({ path }) => path === file.path);
    const lines = [...new Set(found.map(({ line }) => line))];
    const expected = expectedLines(file);
    const caught = expected === "anywhere" && lines.length > 0 ? "anywhere" : lines;
    expect.soft({ path: file.path, caught }).toEqual({ path: file.path, caught: expected });
  }
});

test("every folder of samples belongs to a rule", () => {
  expect(readdirSync(join(samplesFolder, "rules")).sort()).toEqual(
    sampled.map(({ name }) => name).sort(),
  );
});

const foreign = [
  ["/wo", "rk/main/lib"],
  ["/ro", "ot/.npm"],
  ["/ho", "me/somebody/inorder"],
  ["this", " session"],
  ["Cla", "ude"],
  ["sub", "agent"],
  ["coding", " assistant"],
  ["see issue", " #12"],
  ["registry.", "npmjs.org"],
  ["py", "pi.org"],
] as const;

test.each(foreign)("foreign-words catches %s%s", (start, end) => {
  const tree = textTree("docs/notes.md", `# Notes\n\nA line with ${start}${end} in it.\n`);

  expect(rulesAndLines(tree)).toEqual(["foreign-words:3"]);
});

test("a manifest without a lock file is caught", () => {
  const tree = textTree("package.json", "{}\n");

  expect(findingsOf([lockWithoutPlaces], tree)).toHaveLength(1);
});

const rulesAndLines = (tree: Tree): readonly string[] =>
  findingsOf(allRules, tree)
    .map(placeOf)
    .map(({ rule, line }) => `${rule}:${line}`);

/** The parts of `rule: path:line message`. */
function placeOf(finding: string) {
  const [, rule = "", path = "", line = ""] = /^(\S+): (\S+):(\d+) /.exec(finding) ?? [];
  return { rule, path, line: Number(line) };
}

/**
 * The lines of a sample that end in "caught". A sample without such lines is caught as a whole,
 * unless it says that it is "caught by nothing" and only stands beside the others.
 */
function expectedLines(file: SourceFile): readonly number[] | "anywhere" {
  if (file.text.includes("caught by nothing")) return [];
  const marked = file.lines.flatMap((line, index) => (/\bcaught$/.test(line) ? [index + 1] : []));
  return marked.length > 0 ? marked : "anywhere";
}
