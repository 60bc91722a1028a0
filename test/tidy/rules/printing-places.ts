/**
 * Only what a person starts writes to the terminal; in a function a line goes through the
 * structured logger.
 */
import type { Rule } from "../rule.ts";
import { dottedName, findInNodes } from "../syntax.ts";

/** The structured logger itself is one of them. */
const ALLOWED = /^(?:lib\/lambda\/stdout-telemetry\.ts$|(?:bin|lib\/replay|local-cloud|test)\/)/;

export const printingPlaces: Rule = {
  name: "printing-places",
  why: "A printed line has no level, no request and no order, and cannot be searched for.",
  check(file) {
    if (ALLOWED.test(file.path)) return [];
    return findInNodes(file, (node) => {
      const name = dottedName(node) ?? "";
      if (!/^console\.|^process\.std(?:out|err)$/.test(name)) return undefined;
      return `${name}: use the logger, or return the text to the command that prints it`;
    });
  },
};
