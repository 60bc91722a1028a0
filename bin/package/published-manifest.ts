/**
 * The package.json of the published package, made from this project's: what the shop needs is not
 * in it, and what an entry imports is its user's to choose, so that there is one copy of it.
 */
import { isBuiltin } from "node:module";
import type { Metafile } from "esbuild";
import { Failure } from "#kernel/failure";
import { packageName, type MentionedPackages } from "./declarations.ts";
import type { Entry, Manifest } from "./entries.ts";

export type PublishedRequest = {
  readonly manifest: Manifest;
  readonly entries: readonly Entry[];
  readonly metafile: Metafile;
  readonly typed: MentionedPackages;
};

/** What everybody has who installs the package; the others are for whoever uses their entry. */
const ALWAYS = "messaging";

export function publishedManifest(request: PublishedRequest) {
  const { manifest, entries } = request;
  const byEntry = entries.map((entry) => [entry.name, packagesOf(entry, request)] as const);
  const required = new Set(byEntry.flatMap(([name, names]) => (name === ALWAYS ? names : [])));
  const all = [...new Set(byEntry.flatMap(([, names]) => names))].toSorted();
  const { name, version, description, license, engines } = manifest;
  return {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines,
    exports: Object.fromEntries(
      entries.map((entry) => [
        `./${entry.name}`,
        { types: `./${entry.types}`, default: `./${entry.code}` },
      ]),
    ),
    peerDependencies: Object.fromEntries(all.map((peer) => [peer, rangeOf(peer, manifest)])),
    peerDependenciesMeta: Object.fromEntries(
      all.filter((peer) => !required.has(peer)).map((peer) => [peer, { optional: true }]),
    ),
  };
}

/** Those that its code loads, and those that its declarations mention. */
function packagesOf({ name }: Entry, { metafile, typed }: PublishedRequest): readonly string[] {
  const loaded = Object.entries(metafile.outputs)
    .filter(([path]) => path.endsWith(`/${name}.js`))
    .flatMap(([path]) => [...importedFrom(path, metafile, new Set())]);
  return [...new Set([...loaded, ...(typed[name] ?? [])])];
}

function importedFrom(path: string, metafile: Metafile, seen: Set<string>): ReadonlySet<string> {
  if (seen.has(path)) return new Set();
  seen.add(path);
  const imports = metafile.outputs[path]?.imports ?? [];
  const names = imports.flatMap(({ path: to, external }) => {
    if (external !== true) return [...importedFrom(to, metafile, seen)];
    return isBuiltin(to) ? [] : [packageName(to)];
  });
  return new Set(names);
}

/** What it was tested with, and what is compatible with that. */
function rangeOf(peer: string, { dependencies, devDependencies }: Manifest): string {
  const version = dependencies[peer] ?? devDependencies[peer];
  if (version !== undefined) return `^${version}`;
  throw new Failure("misconfigured", "reject", `${peer} is imported, but not in package.json.`);
}
