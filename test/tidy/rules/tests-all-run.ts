/**
 * Every test that stands in the tree runs, and can fail.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { findInNodes, keyOf } from "../syntax.ts";

const KEYS = new Set(["skip", "only", "todo", "skipIf", "runIf", "fails"]);
const RUNNERS = /^(?:test|it|describe|suite|bench|context|ctx)$/;
const CONSTANTS = new Set([
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.NumericLiteral,
]);
const SHORT_FORMS = /^(?:x|f)(?:test|it|describe)$/;

export const testsAllRun: Rule = {
  name: "tests-all-run",
  why: "A test that does not run, or that compares a constant, is green whatever the code does.",
  check(file) {
    if (!file.path.startsWith("test/")) return [];
    return findInNodes(file, (node) => {
      const switchedOff = switchOf(node);
      if (switchedOff !== undefined) return `${switchedOff}: let the test run, or remove it`;
      return expectsConstant(node) ? `${node.getText()}: expect something of the code` : undefined;
    });
  },
};

function switchOf(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    return SHORT_FORMS.test(node.expression.text) ? node.expression.text : undefined;
  }
  const access = keyOf(node);
  if (access === undefined || !KEYS.has(access.key)) return undefined;
  const start = firstName(access.object);
  return start !== undefined && RUNNERS.test(start) ? `.${access.key}` : undefined;
}

/** `test` of `test.concurrent.each(...)`. */
function firstName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) {
    return firstName(node.expression);
  }
  return undefined;
}

/** A text may be what a pattern of the code is tried on; a number or a truth value never is. */
function expectsConstant(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || node.expression.getText() !== "expect") return false;
  const [value] = node.arguments;
  return value !== undefined && CONSTANTS.has(value.kind);
}
