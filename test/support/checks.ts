/**
 * The checks that need no running code: format, lint, types, dead code and import rules, each one
 * tool with one command. `bin/check.ts` runs them over the tree, the tests of the guards over trees
 * of bad samples.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type CommandResult, runNode } from "./run-command.ts";

export type CheckName = "format" | "lint" | "types" | "dead-code" | "import-rules";

/** A tool's script and its arguments, to be run by Node in the root of the tree that is checked. */
export type CheckCommand = (root: string) => readonly string[];

const repository = join(import.meta.dirname, "../..");
const tool = (path: string): string => join(repository, "node_modules", path);
const configuration = (name: string): string => join(repository, ".config", name);

/**
 * Where source lies. A tool that is given a missing folder fails, so only those that exist are
 * named.
 */
const sources = (root: string): readonly string[] =>
  ["bin", "lib", "functions", "local-cloud", "test", ".config", "vitest.config.ts"].filter((path) =>
    existsSync(join(root, path)),
  );

const lint: CheckCommand = (root) => [
  tool("oxlint/bin/oxlint"),
  `--config=${configuration("oxlint.json")}`,
  "--ignore-pattern=test/tidy/samples/**",
  ...sources(root),
];

const format: CheckCommand = () => [
  tool("@biomejs/biome/bin/biome"),
  "format",
  `--config-path=${configuration("")}`,
  "--max-diagnostics=50",
  ".",
];

export const checks: Readonly<Record<CheckName, CheckCommand>> = {
  format,
  lint,
  types: () => [tool("typescript-native/bin/tsc"), "--noEmit", "--project", "tsconfig.json"],
  "dead-code": () => [
    tool("knip/bin/knip.js"),
    `--config=${configuration("knip.json")}`,
    "--no-progress",
    "--no-config-hints",
  ],
  "import-rules": (root) => [
    tool("dependency-cruiser/bin/dependency-cruise.mjs"),
    `--config=${configuration("dependency-cruiser.config.mjs")}`,
    ...sources(root),
  ],
};

/** What may be mended without a person's judgement: the format, and what the linter calls safe. */
export const fixes: readonly CheckCommand[] = [
  (root) => [...lint(root), "--fix"],
  (root) => [...format(root), "--write"],
];

const limitMs = 5 * 60_000;

export const runCheck = (
  command: CheckCommand,
  root: string,
  more: readonly string[] = [],
): Promise<CommandResult> => runNode([...command(root), ...more], { cwd: root, limitMs });
