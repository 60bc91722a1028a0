/**
 * Makes the published package: ES modules that share what they have in common, their declarations,
 * the sweep's function, and a package.json that names what each of them imports and nothing else.
 */
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundleFunctions, requireBundle } from "#infra/bundle";
import { SWEEP_FOLDER } from "#infra/constructs/packaged-sweep";
import { writeDeclarations } from "./declarations.ts";
import { type Entry, entriesOf, manifestOf } from "./entries.ts";
import { publishedManifest } from "./published-manifest.ts";
import { type EntrySize, entrySizes } from "./sizes.ts";

export type BuiltPackage = { readonly folder: string; readonly sizes: readonly EntrySize[] };

/** Errors: `misconfigured` (reject) for an entry that cannot be built, or types that do not fit. */
export async function buildPackage(
  root: string,
  folder = join(root, ".build", "package"),
): Promise<BuiltPackage> {
  const manifest = manifestOf(root);
  const entries = entriesOf(root, manifest);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const metafile = await bundleEntries(root, folder, entries);
  const typed = writeDeclarations({ root, folder, entries, imports: manifest.imports });
  bundleSweep(root, folder);
  const published = publishedManifest({ manifest, entries, metafile, typed });
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, undefined, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "README.md"), readFileSync(join(root, "docs", "guide.md"), "utf8"));
  return { folder, sizes: await entrySizes(root, entries) };
}

/**
 * One call for all entries, so that they share one copy of each module: a `Failure` of one entry is
 * a `Failure` to the others.
 */
async function bundleEntries(
  root: string,
  folder: string,
  entries: readonly Entry[],
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries.map(({ name, source }) => ({ in: source, out: name })),
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: "linked",
    sourcesContent: true,
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** What the construct deploys as the sweep: the same file as the shop's. */
function bundleSweep(root: string, folder: string): void {
  const name = "outbox/sweep";
  const made = join(folder, "bundles");
  const bundles = bundleFunctions({ root, names: [name], folder: made });
  cpSync(requireBundle(bundles, name).folder, join(folder, SWEEP_FOLDER), { recursive: true });
  rmSync(made, { recursive: true });
}
