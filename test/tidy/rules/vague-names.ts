/**
 * A name says what a thing is. The words here say only that nobody decided.
 */
import ts from "typescript";
import type { Rule } from "../rule.ts";
import { findInNodes } from "../syntax.ts";

const VAGUE = /^(?:utils?|utilit(?:y|ies)|helpers?|commons?|managers?)$/;
/** The one service whose own name has such a word. */
const SERVICE_NAME = /secrets[-_ ]?manager/gi;

export const vagueNames: Rule = {
  name: "vague-names",
  why: "It attracts whatever has no home, and grows into the middle of everything.",
  check(file) {
    const inPath = vagueWords(file.path).map((word) => ({
      line: 0,
      message: `the path has the word "${word}": name it after what is in it`,
    }));
    const inNames = findInNodes(file, (node) => {
      const name = declaredName(node);
      const [word] = name === undefined ? [] : vagueWords(name);
      if (word === undefined) return undefined;
      return `the name "${name}" has the word "${word}": say what it does`;
    });
    return [...inPath, ...inNames];
  },
};

const vagueWords = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(SERVICE_NAME, " ")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => VAGUE.test(word));

/** Names of our own making; those of packages are used as they are. */
function declaredName(node: ts.Node): string | undefined {
  const declares =
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node);
  if (!declares || node.name === undefined || !ts.isIdentifier(node.name)) return undefined;
  return node.name.text;
}
