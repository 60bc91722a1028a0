/**
 * Lines fit beside each other in a review. A line with an address may be as long as the address
 * needs.
 */
import type { Rule } from "../rule.ts";

const LINE_CHARACTERS_MAX = 100;

export const lineLength: Rule = {
  name: "line-length",
  why: "The formatter wraps neither comments nor texts; long ones are cut off in a review.",
  check(file) {
    if (!/\.(?:ts|mjs|py|sh)$/.test(file.path)) return [];
    return file.lines.flatMap((line, index) =>
      line.length > LINE_CHARACTERS_MAX && !/https?:\/\//.test(line)
        ? [{ line: index + 1, message: `has ${line.length} characters, at most 100: wrap it` }]
        : [],
    );
  },
};
