/**
 * The environment is read, checked and named in one file per way of starting.
 */
import type { Rule } from "../rule.ts";
import { dottedName, findInNodes, importedModule, importedNames } from "../syntax.ts";

const ALLOWED = /^(?:lib\/runtime\/config\.ts$|(?:bin|local-cloud|test)\/)/;

export const processEnv: Rule = {
  name: "process-env",
  why: "A variable that is read deep inside is missed at start and found at the first request.",
  check(file) {
    if (ALLOWED.test(file.path)) return [];
    return findInNodes(file, (node) => {
      const isImport =
        /^(?:node:)?process$/.test(importedModule(node) ?? "") &&
        importedNames(node).includes("env");
      if (!isImport && dottedName(node) !== "process.env") return undefined;
      return "reads the environment: take the value from lib/runtime/config.ts";
    });
  },
};
