/**
 * A check may be told to look away in one line, with a reason, but never from what the architecture
 * forbids outright.
 */
import type { Rule } from "../rule.ts";

/** Taken apart, so that this file does not find itself. */
const DIRECTIVE = new RegExp(
  "(?:oxlint|eslint)-dis" +
    "able[a-z-]*|@ts-(?:expect-er" +
    "ror|ign" +
    "ore|noch" +
    "eck)|biome-ign" +
    "ore",
);
const ONE_LINE = new RegExp(
  "^(?:oxlint-dis" + "able-(?:next-)?line|@ts-expect-er" + "ror|biome-ign" + "ore)$",
);
const REASON = /(?: -- |: )\S+ \S+ \S+/;
const NEVER = /no-explicit-any|no-non-null-assertion|no-default-export|no-floating-promises/;

export const reasonedSuppressions: Rule = {
  name: "reasoned-suppressions",
  why: "A check that is switched off without a reason stays off for ever.",
  check(file) {
    if (!/\.(?:ts|mjs)$/.test(file.path)) return [];
    return file.lines.flatMap((line, index) => {
      const [directive] = DIRECTIVE.exec(line) ?? [];
      if (directive === undefined) return [];
      const wrong = faultOf(directive, line);
      return wrong === undefined ? [] : [{ line: index + 1, message: `${directive}: ${wrong}` }];
    });
  },
};

function faultOf(directive: string, line: string): string | undefined {
  if (!ONE_LINE.test(directive)) return "switch off one rule in one line, with oxlint's directive";
  const [never] = NEVER.exec(line) ?? [];
  if (never !== undefined) return `${never} holds everywhere: write it another way`;
  return REASON.test(line) ? undefined : "say why after ` -- ` or `: `";
}
