/**
 * What several rules need to read from a syntax tree.
 */
import ts from "typescript";
import type { Finding, SourceFile } from "./rule.ts";

/**
 * Calls `look` with every node of a file, and gathers what it finds. Files without syntax have no
 * nodes.
 */
export function findInNodes(
  file: SourceFile,
  look: (node: ts.Node) => string | undefined,
): readonly Finding[] {
  const { syntax } = file;
  if (syntax === undefined) return [];
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const message = look(node);
    if (message !== undefined) findings.push({ line: lineOf(node, syntax), message });
    ts.forEachChild(node, visit);
  };
  visit(syntax);
  return findings;
}

const lineOf = (node: ts.Node, syntax: ts.SourceFile): number =>
  syntax.getLineAndCharacterOfPosition(node.getStart(syntax)).line + 1;

/** `a.b` for a property access on a name, by dot or by literal key; undefined for anything else. */
export function dottedName(node: ts.Node): string | undefined {
  const access = keyOf(node);
  if (access === undefined || !ts.isIdentifier(access.object)) return undefined;
  return `${access.object.text}.${access.key}`;
}

/** The object and the key of `object.key` or `object["key"]`. */
export function keyOf(
  node: ts.Node,
): { readonly object: ts.Expression; readonly key: string } | undefined {
  if (ts.isPropertyAccessExpression(node)) return { object: node.expression, key: node.name.text };
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return { object: node.expression, key: node.argumentExpression.text };
  }
  return undefined;
}

/** The module's name in `import ... from`, `export ... from` and `import()`. */
export function importedModule(node: ts.Node): string | undefined {
  const isStatement = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  const specifier = isStatement
    ? node.moduleSpecifier
    : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
      ? node.arguments[0]
      : undefined;
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
}

/** The names that an import statement takes from its module, as the module calls them. */
export function importedNames(node: ts.Node): readonly string[] {
  if (!ts.isImportDeclaration(node)) return [];
  const bindings = node.importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}
