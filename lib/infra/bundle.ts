/**
 * Turns the functions' TypeScript into what Lambda runs: one esbuild call for all of them, one file
 * each. The AWS SDK is bundled, so that what was tested is what runs; CommonJS, because loading
 * Node's own modules costs an ESM bundle 15-30 ms at start.
 */
import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { buildSync, type Metafile } from "esbuild";
import { Failure } from "#kernel/failure";

/**
 * Ways to credentials that the AWS SDK tries after the environment, where Lambda always puts them.
 * They are imported only when they are needed, so here never; with them come four more clients.
 */
const NEVER_LOADED = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-login",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@smithy/credential-provider-imds",
];

export type BundleRequest = {
  /** The project's folder; every path in a bundle and its source map is relative to it. */
  readonly root: string;
  /** Names such as `orders/http`: the file is `functions/orders/http.ts`. */
  readonly names: readonly string[];
  /**
   * Other files, relative to `root`, for some of the names: another composition root of the same
   * use cases.
   */
  readonly entries?: Readonly<Record<string, string>>;
  /** Default `.build/functions` below `root`. */
  readonly folder?: string;
};

export type Bundle = {
  /** Holds `index.js`, whose export `handler` Lambda calls, and its source map. */
  readonly folder: string;
  /** Size of `index.js`. */
  readonly bytes: number;
};

export type Bundles = Readonly<Record<string, Bundle>>;

/**
 * The same sources give the same bytes, so that a deployment without a change changes nothing.
 * Errors: `misconfigured` (reject) for an entry that does not exist or an override of no function;
 * esbuild's own error, with file and line, for one that does not compile.
 */
export function bundleFunctions(request: BundleRequest): Bundles {
  const { root, names, entries = {} } = request;
  const folder = request.folder ?? join(root, ".build", "functions");
  checkOverrides(names, entries);
  const files = names.map((name) => ({
    in: entryFile(root, name, entries[name]),
    out: join(name, "index"),
  }));
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: files,
    outdir: folder,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    // Their ES modules first: only those lose what nobody calls.
    mainFields: ["module", "main"],
    // Names of classes and functions go: they cost 7 ms of each cold start, and errors here state
    // theirs.
    minify: true,
    external: [...NEVER_LOADED],
    alias: {
      "cls-hooked/context": "./lib/runtime/trace-context.ts",
      semver: "./lib/runtime/version-order.ts",
    },
    // A real `import("node:http")`, as the AWS SDK does it, also loads all that Node would load
    // only on use: fetch with it, 35 ms of each cold start.
    supported: { "dynamic-import": false },
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "linked",
    metafile: true,
    logLevel: "warning",
  });
  return Object.fromEntries(
    names.map((name) => [
      name,
      { folder: join(folder, name), bytes: outputBytes(metafile, root, join(folder, name)) },
    ]),
  );
}

function checkOverrides(names: readonly string[], entries: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(entries).filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new Failure(
      "misconfigured",
      "reject",
      `Entries are overridden for ${unknown.join(", ")}, but no such function is deployed; ` +
        `there are ${names.join(", ")}.`,
    );
  }
}

function entryFile(root: string, name: string, override: string | undefined): string {
  const file = override ?? `functions/${name}.ts`;
  if (!existsSync(join(root, file))) {
    throw new Failure(
      "misconfigured",
      "reject",
      `The function ${name} has no file ${file}; write it or take ${name} out of ` +
        "lib/infra/functions.ts.",
    );
  }
  return file;
}

function outputBytes(metafile: Metafile, root: string, folder: string): number {
  const file = relative(root, join(folder, "index.js")).split(sep).join("/");
  const output = metafile.outputs[file];
  if (output === undefined) {
    throw new Failure("misconfigured", "reject", `esbuild wrote no ${file}.`);
  }
  return output.bytes;
}

/** Errors: `misconfigured` (reject) for a function that was not bundled. */
export function requireBundle(bundles: Bundles, name: string): Bundle {
  const bundle = bundles[name];
  if (bundle !== undefined) return bundle;
  throw new Failure(
    "misconfigured",
    "reject",
    `The function ${name} is deployed but not bundled; add it to lib/infra/functions.ts.`,
  );
}
