/**
 * A file holds one idea that can be read at one sitting; a function's file only wires, so it is
 * shorter still.
 */
import type { Rule } from "../rule.ts";

const FILE_LINES_MAX = 300;
const FUNCTION_FILE_LINES_MAX = 60;

export const fileLength: Rule = {
  name: "file-length",
  why: "A long file holds several ideas; a long Lambda file holds logic without a unit test.",
  check(file) {
    if (!/\.(?:ts|mjs|py)$/.test(file.path)) return [];
    const lines = file.text.replace(/\n$/, "").split("\n").length;
    const max = /^functions\/.*\.ts$/.test(file.path) ? FUNCTION_FILE_LINES_MAX : FILE_LINES_MAX;
    if (lines <= max) return [];
    return [{ line: 0, message: `has ${lines} lines, at most ${max}: split it by idea` }];
  },
};
