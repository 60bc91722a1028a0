/**
 * Copies a tree of samples to a place of its own, with the project's own manifest, types and
 * packages beside it, so that a tool sees it exactly as it sees the project. (Where the samples
 * lie, every tool is told to ignore them.)
 */
import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { repositoryRoot, samplesFolder } from "./tree.ts";

export type SampleCopy = {
  readonly root: string;
  /**
   * For every sample the codes in its first line, `Caught by <code>, <code>.`; none for `nothing`.
   */
  readonly expected: Findings;
  remove(): void;
};

/** Codes by path; a file in which nothing was found does not occur. */
export type Findings = Readonly<Record<string, readonly string[]>>;

export function copySamples(folder: string): SampleCopy {
  const root = mkdtempSync(join(tmpdir(), `inorder-samples-${folder}-`));
  cpSync(join(samplesFolder, folder), root, { recursive: true });
  const expected = gather(
    filesIn(root).flatMap((path) =>
      codesIn(readFileSync(join(root, path), "utf8"), path).map((code) => ({ path, code })),
    ),
  );
  for (const file of ["package.json", "tsconfig.json"]) {
    copyFileSync(join(repositoryRoot, file), join(root, file));
  }
  symlinkSync(join(repositoryRoot, "node_modules"), join(root, "node_modules"), "junction");
  return { root, expected, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Each code once per file, in a fixed order. */
export function gather(
  found: readonly { readonly path: string; readonly code: string }[],
): Findings {
  const paths = [...new Set(found.map(({ path }) => path))].sort();
  return Object.fromEntries(
    paths.map((path) => {
      const codes = found.filter((one) => one.path === path).map(({ code }) => code);
      return [path, [...new Set(codes)].sort()];
    }),
  );
}

const filesIn = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .map((path) => path.split(sep).join("/"));

function codesIn(text: string, path: string): readonly string[] {
  const [, codes] = /[Cc]aught by ([^.]+)\./.exec(text) ?? [];
  if (codes === undefined) throw new Error(`The sample ${path} does not say what catches it.`);
  return codes === "nothing" ? [] : codes.split(", ");
}
