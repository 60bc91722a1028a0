/**
 * Everything that the project reads lies in the project, so that a fresh clone has all of it.
 */
import type { Rule } from "../rule.ts";

/** Taken apart, so that this file does not find itself. */
const OUTSIDE = new RegExp("\\.\\./shar" + "ed\\b");

export const insideTheProject: Rule = {
  name: "inside-the-project",
  why: "A clone on another machine has no neighbouring folders.",
  check: (file) =>
    file.lines.flatMap((line, index) =>
      OUTSIDE.test(line)
        ? [
            {
              line: index + 1,
              message: "reaches outside the repository: copy what is needed into it",
            },
          ]
        : [],
    ),
};
