/**
 * What each entry weighs in somebody's bundle: all of it, minified, without the packages that it
 * imports.
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Entry } from "./entries.ts";

export type EntrySize = {
  readonly name: string;
  readonly minifiedBytes: number;
  readonly gzipBytes: number;
};

export const entrySizes = (
  root: string,
  entries: readonly Entry[],
): Promise<readonly EntrySize[]> =>
  Promise.all(
    entries.map(async ({ name, source }) => {
      const { outputFiles } = await build({
        absWorkingDir: root,
        entryPoints: [source],
        bundle: true,
        minify: true,
        write: false,
        platform: "node",
        target: "node20",
        format: "esm",
        packages: "external",
      });
      const contents = outputFiles[0]?.contents ?? new Uint8Array();
      return { name, minifiedBytes: contents.length, gzipBytes: gzipSync(contents).length };
    }),
  );

const LINE = (name: string, minified: string, gzip: string): string =>
  `${name.padEnd(24)}${minified.padStart(12)}${gzip.padStart(12)}`;

export const sizesText = (sizes: readonly EntrySize[]): string =>
  [
    LINE("entry", "minified", "gzip"),
    ...sizes.map(({ name, minifiedBytes, gzipBytes }) =>
      LINE(`inorder/${name}`, kilobytes(minifiedBytes), kilobytes(gzipBytes)),
    ),
  ].join("\n");

const kilobytes = (bytes: number): string => `${(bytes / 1_000).toFixed(1)} kB`;
