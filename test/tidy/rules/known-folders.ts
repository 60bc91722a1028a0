/**
 * Every file has a place in the architecture, and every source file a row in the import table: what
 * had none would be under no import rule at all.
 */
import { importTable } from "../../../.config/import-table.ts";
import type { Rule } from "../rule.ts";

const FOLDERS = new Set([
  ".ci",
  ".config",
  "bin",
  "data",
  "docs",
  "functions",
  "lib",
  "local-cloud",
  "stepfunctions",
  "test",
]);

export const knownFolders: Rule = {
  name: "known-folders",
  why: "A folder that the architecture does not name has no owner, no layer and no import rules.",
  check({ path }) {
    const [folder = "", ...rest] = path.split("/");
    if (rest.length > 0 && !FOLDERS.has(folder)) {
      return [
        { line: 0, message: `the folder "${folder}" is not in the architecture: move the file` },
      ];
    }
    if (!/\.(?:ts|mjs|js)$/.test(path) || importTable.some(({ from }) => inRow(from, path)))
      return [];
    return [{ line: 0, message: "no row of .config/import-table.ts is about this file: move it" }];
  },
};

const inRow = (from: string, path: string): boolean => new RegExp(from).test(path);
