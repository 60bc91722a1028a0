import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { importRules } from "../../.config/import-rules.ts";
import { type CheckName, checks, runCheck } from "../support/checks.ts";
import { copySamples, type Findings, gather } from "./sample-copy.ts";
import { repositoryRoot } from "./tree.ts";

/**
 * Runs a check over its samples; answers what they say must be caught, and what the tool has
 * written.
 */
async function checkSamples(name: CheckName, more: readonly string[] = []) {
  const samples = copySamples(name);
  onTestFinished(() => samples.remove());
  const result = await runCheck(checks[name], samples.root, more);
  return { ...result, expected: samples.expected };
}

test("format: what the formatter would change is caught", async () => {
  const { exitCode, output, expected } = await checkSamples("format");

  expect(matches(output, /^(?<path>\S+) (?<code>format) ━/gm)).toEqual(expected);
  expect(exitCode).not.toBe(0);
});

test("types: what the compiler's settings forbid is caught", async () => {
  const { exitCode, output, expected } = await checkSamples("types");

  expect(matches(output, /^(?<path>[^(\s]+)\(.*?: error (?<code>TS\d+):/gm)).toEqual(expected);
  expect(exitCode).not.toBe(0);
});

test("lint: each configured rule catches its sample, and no other one does", async () => {
  const { exitCode, stdout, expected } = await checkSamples("lint", ["--format=json"]);

  const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: readonly Diagnostic[] };
  expect(gather(diagnostics.map(({ filename, code }) => ({ path: filename, code })))).toEqual(
    expected,
  );
  expect(exitCode).not.toBe(0);
});

type Diagnostic = { readonly filename: string; readonly code: string };

test("lint: every rule that the configuration names has a sample", () => {
  const samples = copySamples("lint");
  onTestFinished(() => samples.remove());
  const text = readFileSync(join(repositoryRoot, ".config/oxlint.json"), "utf8");
  const { rules } = JSON.parse(text) as { readonly rules: Readonly<Record<string, unknown>> };

  const configured = Object.keys(rules).map((rule) =>
    rule.includes("/") ? rule.replace(/^(.*)\/(.*)$/, "$1($2)") : `eslint(${rule})`,
  );
  expect(Object.values(samples.expected).flat()).toEqual(expect.arrayContaining(configured));
});

test("dead code: unused files, exports and packages are caught, and unknown ones", async () => {
  const { exitCode, stdout, expected } = await checkSamples("dead-code", ["--reporter=json"]);

  const { issues } = JSON.parse(stdout) as { readonly issues: readonly DeadCode[] };
  const { "package.json": unused, ...found } = gather(issues.flatMap(codesOf));
  expect(found).toEqual(expected);
  // The samples import one of the project's packages and none of the others.
  expect(unused).toEqual(["dependencies", "devDependencies"]);
  const packages = issues.flatMap(({ dependencies }) => dependencies.map(({ name }) => name));
  expect(packages).toContain("jose");
  expect(packages).not.toContain("zod");
  expect(exitCode).not.toBe(0);
});

/** A list of findings for each kind of dead code. */
type DeadCode = {
  readonly file: string;
  readonly dependencies: readonly { readonly name: string }[];
};

const codesOf = ({ file, ...kinds }: DeadCode) =>
  Object.entries(kinds)
    .filter(([, found]) => found.length > 0)
    .map(([kind]) => ({ path: file, code: kind }));

test("import rules: each row of the table catches its samples, and no other one does", async () => {
  const { exitCode, output, expected } = await checkSamples("import-rules");

  expect(matches(output, /^ *error (?<code>[\w-]+): (?<path>\S+)/gm)).toEqual(expected);
  expect(exitCode).not.toBe(0);
});

test("import rules: every rule has a sample", () => {
  const samples = copySamples("import-rules");
  onTestFinished(() => samples.remove());

  expect(new Set(Object.values(samples.expected).flat())).toEqual(
    new Set(importRules.map(({ name }) => name)),
  );
});

function matches(output: string, pattern: RegExp): Findings {
  return gather(
    [...output.matchAll(pattern)].map(({ groups = {} }) => ({
      path: groups["path"] ?? "",
      code: groups["code"] ?? "",
    })),
  );
}
