/**
 * The commands that the documents tell a reader to type: the lines of their `sh` blocks, a line
 * that ends in a backslash joined with the next.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type DocumentedCommand = { readonly file: string; readonly command: string };

export function documentedCommands(root: string): readonly DocumentedCommand[] {
  const files = ["README.md", ...globSync("docs/**/*.md", { cwd: root })];
  return files.flatMap((file) =>
    blocksOf(readFileSync(join(root, file), "utf8")).flatMap((block) =>
      linesOf(block).map((command) => ({ file, command })),
    ),
  );
}

const blocksOf = (text: string): readonly string[] =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);

const linesOf = (block: string): readonly string[] =>
  block
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
