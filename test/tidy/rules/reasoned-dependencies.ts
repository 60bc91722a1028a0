/**
 * Every package has its reason in one line, or it is not needed.
 */
import { dependenciesOf } from "../manifest.ts";
import type { Rule, SourceFile } from "../rule.ts";

const REASONS = "docs/decisions/dependencies.md";

export const reasonedDependencies: Rule = {
  name: "reasoned-dependencies",
  why: "A package that nobody can justify is only risk.",
  check(file, tree) {
    if (file.path === "package.json") return missingReasons(file, tree.file(REASONS));
    return file.path === REASONS ? leftOverReasons(file, tree.file("package.json")) : [];
  },
};

function missingReasons(manifest: SourceFile, reasons: SourceFile | undefined) {
  const explained = new Set(
    reasons === undefined ? [] : packagesIn(reasons).map(({ name }) => name),
  );
  return dependenciesOf(manifest)
    .filter(({ name }) => !explained.has(name))
    .map(({ name }) => ({
      line: 0,
      message: `${name} has no line in ${REASONS}: say why it is here`,
    }));
}

function leftOverReasons(reasons: SourceFile, manifest: SourceFile | undefined) {
  const present = new Set(
    manifest === undefined ? [] : dependenciesOf(manifest).map(({ name }) => name),
  );
  return packagesIn(reasons)
    .filter(({ name }) => !present.has(name))
    .map(({ name, line }) => ({
      line,
      message: `${name} is not in package.json: remove its line`,
    }));
}

/** The rows `| package | why |` whose second column is not empty. */
function packagesIn({
  lines,
}: SourceFile): readonly { readonly name: string; readonly line: number }[] {
  return lines.flatMap((text, index) => {
    const [, name] = /^\| `([^`]+)` *\| [^|]*\w[^|]*\|/.exec(text) ?? [];
    return name === undefined ? [] : [{ name, line: index + 1 }];
  });
}
