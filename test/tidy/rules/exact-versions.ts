/**
 * The same clone installs the same packages, today and in a year.
 */
import type { Rule } from "../rule.ts";
import { dependenciesOf } from "../manifest.ts";

/** Also of a package under another name: `npm:zod@4.6.7`. */
const EXACT = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/;

export const exactVersions: Rule = {
  name: "exact-versions",
  why: "A range is a different program on another day.",
  check(file) {
    if (file.path !== "package.json") return [];
    return dependenciesOf(file)
      .filter(({ version }) => !EXACT.test(version))
      .map(({ name, version }) => ({
        line: 1 + file.lines.findIndex((line) => line.includes(`"${name}": "${version}"`)),
        message: `${name} "${version}" is not one exact version: write it as 1.2.3`,
      }));
  },
};
