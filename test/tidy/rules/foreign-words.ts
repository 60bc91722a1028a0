/**
 * The project says nothing about the machine or the circumstances in which it was written: neither
 * helps a reader, and both are wrong on the next machine.
 */
import type { Rule } from "../rule.ts";
import { firstMatch } from "../words.ts";

/** Taken apart, so that this file does not find itself. */
const PATHS = ["wo" + "rk", "fa" + "rm", "ro" + "ot", "ho" + "me/[a-z]+", "Us" + "ers/[a-z]+"];
const WORDS = [
  "this" + " session",
  "Cla" + "ude",
  "Anth" + "ropic",
  "sub-?" + "agents?",
  "(?:AI|coding) " + "(?:agent|assistant|model)s?",
  "issue" + "s? #?\\d+",
  "registry\\." + "npmjs",
  "pypi\\." + "org",
  "files\\.python" + "hosted",
  "repo1\\." + "maven",
];
const PATTERNS = [
  new RegExp(`/(?:${PATHS.join("|")})/`),
  new RegExp(`\\b(?:${WORDS.join("|")})\\b`, "i"),
];

export const foreignWords: Rule = {
  name: "foreign-words",
  why: "Paths, hosts and circumstances of one machine break or mislead on every other.",
  check(file) {
    if (file.path === "package-lock.json") return [];
    return file.lines.flatMap((line, index) => {
      const words = firstMatch(PATTERNS, line);
      if (words === undefined) return [];
      return [{ line: index + 1, message: `"${words}" does not belong to the project: remove it` }];
    });
  },
};
