/**
 * What a module offers is a list that one can read.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { findInNodes } from "../syntax.ts";

export const exportLists: Rule = {
  name: "export-lists",
  why: "A starred export publishes what the other file gains later, and hides whose a name is.",
  check: (file) =>
    findInNodes(file, (node) => {
      if (!ts.isExportDeclaration(node)) return undefined;
      const isList = node.exportClause !== undefined && ts.isNamedExports(node.exportClause);
      return isList ? undefined : "`export *`: list the names";
    }),
};
