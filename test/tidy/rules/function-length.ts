/**
 * A function is read as a whole. Only the functions that list a suite's tests may be longer: they
 * are tables.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { findInNodes } from "../syntax.ts";

const FUNCTION_LINES_MAX = 70;

export const functionLength: Rule = {
  name: "function-length",
  why: "What does not fit on a screen is not understood as a whole.",
  check(file) {
    const isTest = file.path.startsWith("test/");
    return findInNodes(file, (node) => {
      if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined)
        return undefined;
      const lines = lineCount(node);
      if (lines <= FUNCTION_LINES_MAX || (isTest && listsTests(node))) return undefined;
      return `a function of ${lines} lines, at most ${FUNCTION_LINES_MAX}: give its parts names`;
    });
  },
};

function lineCount(node: ts.Node): number {
  const syntax = node.getSourceFile();
  const lineAt = (position: number): number => syntax.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.end) - lineAt(node.getStart(syntax)) + 1;
}

/**
 * Whether tests are registered in the function's own statements, as in `describe` or a contract
 * suite.
 */
function listsTests(node: ts.Node): boolean {
  const registers = (inner: ts.Node): boolean => {
    if (ts.isFunctionLike(inner)) return false;
    if (ts.isCallExpression(inner) && /^(?:test|it|describe)\b/.test(inner.expression.getText())) {
      return true;
    }
    return ts.forEachChild(inner, (child) => registers(child) || undefined) ?? false;
  };
  return ts.forEachChild(node, (child) => registers(child) || undefined) ?? false;
}
