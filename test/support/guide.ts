/**
 * The files that the guide shows, by the name that stands behind their block's language: its
 * readers' project, and the test's.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type GuideFile = { readonly name: string; readonly content: string };

const text = (root: string): string => readFileSync(join(root, "docs", "guide.md"), "utf8");

export const guideFiles = (root: string): readonly GuideFile[] =>
  [...text(root).matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", content = ""]) => ({ name, content }),
  );

/** What the guide says that a command prints: its blocks in this language, without a file. */
export const guideBlocks = (root: string, language: string): readonly string[] =>
  [...text(root).matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
    ([, block = ""]) => block,
  );
