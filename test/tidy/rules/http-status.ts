/**
 * What a failure means over HTTP is decided in one file; the rest of the code knows codes of its
 * own.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { findInNodes } from "../syntax.ts";

const ALLOWED = [
  "lib/runtime/http-errors.ts",
  "functions/",
  "lib/contracts/http/",
  "lib/adapters/http/",
  "lib/replay/",
  "test/",
];

const STATUS = /^[1-5]\d\d$/;
const LOGICAL = new Set([ts.SyntaxKind.QuestionQuestionToken, ts.SyntaxKind.BarBarToken]);
const STATUS_NAME = /status(?:es|_?codes?)?$/i;

export const httpStatus: Rule = {
  name: "http-status",
  why: "Statuses chosen in many places contradict each other, and rules come to depend on HTTP.",
  check(file) {
    if (ALLOWED.some((place) => file.path.startsWith(place))) return [];
    return findInNodes(file, (node) => {
      if (!isLiteral(node) || !STATUS.test(node.text) || !meansStatus(node)) return undefined;
      return `the HTTP status ${node.text}: throw a Failure, http-errors.ts translates it`;
    });
  },
};

const isLiteral = (node: ts.Node): node is ts.NumericLiteral | ts.StringLiteralLike =>
  ts.isNumericLiteral(node) || ts.isStringLiteralLike(node);

/** Whether what the literal is given to, compared with or passed to is called a status. */
function meansStatus(literal: ts.Node): boolean {
  const { parent } = literal;
  if (ts.isBinaryExpression(parent)) {
    const other = parent.left === literal ? parent.right : parent.left;
    if (namesStatus(other)) return true;
  }
  if (handsOn(parent)) return meansStatus(parent);
  if (ts.isCaseClause(parent)) return namesStatus(parent.parent.parent.expression);
  if (ts.isCallExpression(parent)) return namesStatus(parent.expression);
  // `[502, 503].includes(status)`
  if (ts.isPropertyAccessExpression(parent)) return namesStatus(parent.parent);
  const isNamed =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent);
  return isNamed && STATUS_NAME.test(parent.name.getText().replace(/["']/g, ""));
}

/** Whether a literal in this place stands for the whole, as in `given ?? 500` or `[502, 503]`. */
const handsOn = (node: ts.Node): boolean =>
  ts.isLiteralTypeNode(node) ||
  ts.isUnionTypeNode(node) ||
  ts.isParenthesizedExpression(node) ||
  ts.isArrayLiteralExpression(node) ||
  ts.isConditionalExpression(node) ||
  (ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind));

/** Whether an expression ends in such a name, or is a call that is given one. */
function namesStatus(node: ts.Node): boolean {
  return ts.isCallExpression(node)
    ? node.arguments.some(namesStatus)
    : STATUS_NAME.test(node.getText());
}
