/**
 * A file opens with why it exists, so that a reader knows whether to go on.
 */
import type { Rule } from "../rule.ts";

const OPENING = /^(?:#![^\n]*\n)?(?:\/\*[\s*]*[^\s*/]|\/\/\s*\S|#\s*\S|"""\s*\S)/;

export const opensWithComment: Rule = {
  name: "opens-with-comment",
  why: "Without its purpose a file can only be understood through everything that uses it.",
  check(file) {
    if (!/\.(?:ts|mjs|py|sh)$/.test(file.path) || isTest(file.path)) return [];
    if (OPENING.test(file.text)) return [];
    return [
      { line: 1, message: "does not open with a comment: say in 1-3 sentences why it exists" },
    ];
  },
};

/** A test's sentences say what it is for. */
const isTest = (path: string): boolean => /^test\/.*\.test\.ts$/.test(path);
