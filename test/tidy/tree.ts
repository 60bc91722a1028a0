/**
 * Reads a tree of files for the house rules: what git knows or would add, or all files of a folder
 * of samples.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join, sep } from "node:path";
import ts from "typescript";
import type { SourceFile, Tree } from "./rule.ts";

export const repositoryRoot = join(import.meta.dirname, "../..");
export const samplesFolder = join(import.meta.dirname, "samples");

/**
 * Text that people write; data, lock files' contents and images are not read for words or style.
 */
const TEXT = new Set([
  ".css",
  ".html",
  ".in",
  ".js",
  ".json",
  ".md",
  ".mjs",
  ".py",
  ".sh",
  ".ts",
  ".txt",
  ".yaml",
  ".yml",
  "",
]);

/** The project: tracked files and untracked ones that no ignore file names, without the samples. */
export function projectTree(): Tree {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: repositoryRoot, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const paths = listed
    .split("\0")
    .filter((path) => path !== "" && !path.startsWith("test/tidy/samples/"))
    // A file that is deleted and not yet committed is still listed.
    .filter((path) => existsSync(join(repositoryRoot, path)));
  return treeOf(new Set(paths), (path) => readFileSync(join(repositoryRoot, path), "utf8"));
}

/** All files of one folder of samples, their paths as if the folder were the project's root. */
export function sampleTree(folder: string): Tree {
  const root = join(samplesFolder, folder);
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .map((path) => path.split(sep).join("/"));
  return treeOf(new Set(paths), (path) => readFileSync(join(root, path), "utf8"));
}

/** A tree of one file, for samples that must not stand on disk. */
export const textTree = (path: string, text: string): Tree => treeOf(new Set([path]), () => text);

function treeOf(paths: ReadonlySet<string>, read: (path: string) => string): Tree {
  const files = new Map(
    [...paths].sort().map((path) => [path, sourceFile(path, isText(path) ? read(path) : "")]),
  );
  return { files: [...files.values()], file: (path) => files.get(path) };
}

const isText = (path: string): boolean => TEXT.has(extname(path)) && !path.startsWith("data/");

function sourceFile(path: string, text: string): SourceFile {
  let syntax: ts.SourceFile | undefined;
  return {
    path,
    text,
    lines: text.split(/\r?\n/),
    get syntax() {
      if (!/\.(?:ts|mjs|js)$/.test(path)) return undefined;
      syntax ??= ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
      return syntax;
    },
  };
}
