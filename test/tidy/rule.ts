/**
 * What a house rule is: one file under `rules/`, one idea, one name that its findings carry. Rules
 * here are those that no tool of `npm run check` can express.
 */
import type ts from "typescript";

export type SourceFile = {
  /** From the root of the tree, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Without their line ends. */
  readonly lines: readonly string[];
  /** Parsed on first use; undefined for what is not TypeScript or JavaScript. */
  readonly syntax: ts.SourceFile | undefined;
};

/** All files that are, or could be, committed; samples of bad code are a tree of their own. */
export type Tree = {
  readonly files: readonly SourceFile[];
  file(path: string): SourceFile | undefined;
};

export type Finding = {
  /** Counted from 1; 0 for the file as a whole. */
  readonly line: number;
  /** What is wrong and what to do about it. */
  readonly message: string;
};

export type Rule = {
  /** In kebab-case; the name of the rule's file, and of the folder with its bad samples. */
  readonly name: string;
  /** What goes wrong without the rule. */
  readonly why: string;
  /** The rule's findings in one file; the tree is for rules that compare files. */
  check(file: SourceFile, tree: Tree): readonly Finding[];
};

/** Rule, place and message in one line, as a person wants to read it. */
export function findingsOf(rules: readonly Rule[], tree: Tree): readonly string[] {
  return rules.flatMap((rule) =>
    tree.files.flatMap((file) =>
      rule
        .check(file, tree)
        .map(({ line, message }) => `${rule.name}: ${file.path}:${line} ${message}`),
    ),
  );
}
