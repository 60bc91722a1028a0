/**
 * What is committed is finished; what is not is an issue of its own, not a remark in the code.
 */
import type { Rule } from "../rule.ts";
import { firstMatch } from "../words.ts";

/** Taken apart, so that this file does not find itself. */
const MARKS = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"];
const PHRASES = ["for" + " now", "simpli" + "fied", "not" + " implemented", "stub" + "bed"];
const PATTERNS = [
  new RegExp(`\\b(?:${MARKS.join("|")})\\b`),
  new RegExp(`\\b(?:${PHRASES.join("|")})\\b`, "i"),
];

export const unfinishedWork: Rule = {
  name: "unfinished-work",
  why: "A remark about what is missing is read by nobody who could ask for it.",
  check(file) {
    if (file.path === "package-lock.json") return [];
    return file.lines.flatMap((line, index) => {
      const word = firstMatch(PATTERNS, line);
      if (word === undefined) return [];
      return [{ line: index + 1, message: `"${word}": finish it, or say what holds instead` }];
    });
  },
};
