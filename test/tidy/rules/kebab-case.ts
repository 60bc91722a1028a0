/**
 * Files and folders have one spelling on every file system: kebab-case, with as many extensions as
 * they need.
 */
import type { Rule } from "../rule.ts";

const KEBAB = /^\.?[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/;
/** Python modules are imported by their name, which cannot hold a hyphen. */
const PYTHON = /^[a-z0-9_]+\.py$/;
const BY_CONVENTION = new Set(["README.md", "LICENSE", "NOTICE", "CHANGELOG.md"]);

export const kebabCase: Rule = {
  name: "kebab-case",
  why: "Two spellings of one name are two files on one machine and one on the next.",
  check(file) {
    // Data keeps the names under which its owner publishes it.
    if (file.path.startsWith("data/")) return [];
    const wrong = file.path
      .split("/")
      .filter((part) => !KEBAB.test(part) && !PYTHON.test(part) && !BY_CONVENTION.has(part));
    return wrong.map((part) => ({ line: 0, message: `"${part}" is not in kebab-case: rename it` }));
  },
};
