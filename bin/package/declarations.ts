/**
 * The declarations of the entries and of all that they mention, with imports that resolve in
 * anybody's project: relative ones, without the names that only this project knows.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import ts from "typescript";
import { Failure } from "#kernel/failure";
import type { Entry } from "./entries.ts";

export type DeclarationRequest = {
  readonly root: string;
  readonly folder: string;
  readonly entries: readonly Entry[];
  /** `imports` of package.json: `#kernel/*` and where it leads. */
  readonly imports: Readonly<Record<string, string>>;
};

/** By entry's name: the packages whose types its declarations mention. */
export type MentionedPackages = Readonly<Record<string, ReadonlySet<string>>>;

/** Errors: `misconfigured` (reject) with what the compiler says. */
export function writeDeclarations(request: DeclarationRequest): MentionedPackages {
  const { root, folder, entries } = request;
  const options = compilerOptions(root, folder);
  const program = ts.createProgram(
    entries.map(({ source }) => join(root, source)),
    options,
  );
  const written = new Map<string, Written>();
  const { diagnostics } = program.emit(undefined, (path, text) => {
    const file = relative(folder, path).split(sep).join("/");
    const declared = withRelativeImports(file, text, request.imports);
    written.set(file, declared);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, declared.text);
  });
  const problems = [...program.getSyntacticDiagnostics(), ...diagnostics];
  if (problems.length > 0) {
    const host = { getCanonicalFileName: String, getCurrentDirectory: () => root, getNewLine: eol };
    const what = ts.formatDiagnostics(problems, host);
    throw new Failure("misconfigured", "reject", `The declarations cannot be written:\n${what}`);
  }
  return Object.fromEntries(
    entries.map(({ name, types }) => [name, mentionedFrom(types, written, new Set())]),
  );
}

const eol = (): string => "\n";

function compilerOptions(root: string, folder: string): ts.CompilerOptions {
  const file = join(root, "tsconfig.json");
  const read = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
    readonly config: { readonly compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(read.config.compilerOptions, root);
  return {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, "lib"),
    outDir: join(folder, "types"),
  };
}

type Written = {
  readonly text: string;
  /** Of the package, as paths in it. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
};

const SPECIFIER = /(\bfrom\s+|\bimport\()"([^"]+)"/g;

function withRelativeImports(
  file: string,
  declared: string,
  imports: DeclarationRequest["imports"],
): Written {
  const files: string[] = [];
  const packages: string[] = [];
  const text = declared.replaceAll(SPECIFIER, (_all, before: string, specifier: string) => {
    const target = targetOf(file, specifier, imports);
    if (target === undefined) {
      if (!specifier.startsWith("node:")) packages.push(packageName(specifier));
      return `${before}"${specifier}"`;
    }
    files.push(target.replace(/\.ts$/, ".d.ts"));
    const path = posix.relative(posix.dirname(file), target).replace(/\.ts$/, ".js");
    return `${before}"${path.startsWith(".") ? path : `./${path}`}"`;
  });
  return { text, files, packages };
}

/** The file of ours below `types/`; undefined for a package. */
function targetOf(
  file: string,
  specifier: string,
  imports: DeclarationRequest["imports"],
): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(file), specifier);
  if (!specifier.startsWith("#")) return undefined;
  const [exact] = Object.entries(imports).filter(([name]) => name === specifier);
  if (exact !== undefined) return belowTypes(exact[1]);
  for (const [name, path] of Object.entries(imports)) {
    const start = name.replace(/\*$/, "");
    if (!name.endsWith("*") || !specifier.startsWith(start)) continue;
    return belowTypes(path.replace("*", specifier.slice(start.length)));
  }
  throw new Failure(
    "misconfigured",
    "reject",
    `${file} imports ${specifier}, which leads nowhere.`,
  );
}

const belowTypes = (path: string): string => path.replace(/^\.\/lib\//, "types/");

/** `@scope/name` or `name`. */
export const packageName = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function mentionedFrom(
  file: string,
  written: ReadonlyMap<string, Written>,
  seen: Set<string>,
): ReadonlySet<string> {
  if (seen.has(file)) return new Set();
  seen.add(file);
  const { files = [], packages = [] } = written.get(file) ?? {};
  const deeper = files.flatMap((next) => [...mentionedFrom(next, written, seen)]);
  return new Set([...packages, ...deeper]);
}
