/**
 * A decision has a date, so that a reader can tell what was known when it was taken.
 */
import type { Rule } from "../rule.ts";

const DATE = /\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b/;
const HEAD_LINES = 6;

export const datedDecisions: Rule = {
  name: "dated-decisions",
  why: "Of two decisions that contradict each other the later one holds.",
  check(file) {
    if (!/^docs\/decisions\/.*\.md$/.test(file.path)) return [];
    if ([file.path, ...file.lines.slice(0, HEAD_LINES)].some((text) => DATE.test(text))) return [];
    return [
      { line: 1, message: "has no date in its name or its first lines: write it as YYYY-MM-DD" },
    ];
  },
};
