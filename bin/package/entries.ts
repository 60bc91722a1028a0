/**
 * The entries of the published package, as `exports` in package.json lists them: the one table.
 * Each names its source, which only this project has, and what is built of it.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "#kernel/failure";

/** Where `exports` says that everything is built. */
const BUILT = "./.build/package/";

export type Entry = {
  /** `messaging` of `inorder/messaging`. */
  readonly name: string;
  /** Relative to the project. */
  readonly source: string;
  /** Relative to the package. */
  readonly types: string;
  readonly code: string;
};

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

export const manifestOf = (root: string): Manifest =>
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

/** Errors: `misconfigured` (reject) with every entry that cannot be built, and why. */
export function entriesOf(root: string, { exports }: Pick<Manifest, "exports">): readonly Entry[] {
  const entries = Object.entries(exports).map(([key, { source = "", types = "", ...code }]) => ({
    name: key.replace(/^\.\//, ""),
    source,
    types: types.replace(BUILT, ""),
    code: (code["default"] ?? "").replace(BUILT, ""),
  }));
  const wrong = entries.flatMap((entry) => [...wrongIn(root, entry)]);
  if (wrong.length === 0) return entries;
  const list = wrong.map((line) => `- ${line}`).join("\n");
  throw new Failure("misconfigured", "reject", `The package cannot be built:\n${list}`);
}

function* wrongIn(root: string, { name, source, types, code }: Entry): Generator<string> {
  if (!existsSync(join(root, source)) || source === "") {
    yield `inorder/${name} has no file ${source || "at all"}; write it, or take the entry out of ` +
      "`exports` in package.json.";
  }
  const rightTypes = typesOf(source);
  if (types !== rightTypes) {
    yield `inorder/${name} has its types in ${BUILT}${types}; they are built to ` +
      `${BUILT}${rightTypes}, so write that.`;
  }
  if (code !== `${name}.js`) {
    yield `inorder/${name} has its code in ${BUILT}${code}; it is built to ${BUILT}${name}.js, ` +
      "so write that.";
  }
}

/** Declarations lie as their sources do. */
const typesOf = (source: string): string =>
  source.replace(/^\.\/lib\//, "types/").replace(/\.ts$/, ".d.ts");
