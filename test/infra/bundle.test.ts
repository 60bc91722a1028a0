/**
 * What Lambda gets: one small CommonJS file per function, the same bytes for the same sources,
 * errors with their names.
 */
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Bundle, bundleFunctions, requireBundle } from "#infra/bundle";
import { stageNamed } from "#infra/config/stages";
import { APPLICATION_FUNCTIONS, PROVIDER_FUNCTIONS } from "#infra/functions";
import { bundlesOf } from "#infra/synthesis";
import { root, temporaryFolder } from "./templates.ts";

const KILOBYTE = 1000;

describe("the project's functions", () => {
  const request = {
    stage: stageNamed("local"),
    root,
    folder: join(temporaryFolder(), "functions"),
  };
  const bundles = bundlesOf(request);
  const names = [...APPLICATION_FUNCTIONS, ...PROVIDER_FUNCTIONS];

  test("are all bundled, each with its source map", () => {
    expect(Object.keys(bundles).toSorted()).toEqual(names.toSorted());
    for (const { folder } of Object.values(bundles)) {
      expect(read(folder, "index.js")).toContain("//# sourceMappingURL=index.js.map");
      const map = JSON.parse(read(folder, "index.js.map")) as { readonly sources: string[] };
      expect(map.sources.some((source) => source.includes("functions/"))).toBe(true);
    }
  });

  test("the ordered consumer is within 0.6 of Powertools batch and idempotency, 678 kB", () => {
    const { bytes } = requireBundle(bundles, "orders/consume");
    expect(bytes).toBeLessThanOrEqual(0.6 * 678 * KILOBYTE);
  });

  test("the ordered consumer has its schemas' small form, with messages in English", () => {
    const text = read(requireBundle(bundles, "orders/consume").folder, "index.js");
    expect(text).toContain("Invalid input: expected");
    expect(text).not.toContain("toJSONSchema");
  });

  test("no function is larger than 700 kB", () => {
    for (const { bytes } of Object.values(bundles)) expect(bytes).toBeLessThan(700 * KILOBYTE);
  });

  test("no function hooks into every promise or loads a module of Node as ES module", () => {
    for (const { folder } of Object.values(bundles)) {
      const text = read(folder, "index.js");
      expect(text).not.toContain("createHook(");
      expect(text).not.toMatch(/\bimport\(/);
    }
  });

  test("bundled twice they are the same bytes", () => {
    const hashes = (all: Readonly<Record<string, Bundle>>) =>
      Object.values(all).map(({ folder }) =>
        createHash("sha256")
          .update(read(folder, "index.js"))
          .update(read(folder, "index.js.map"))
          .digest("hex"),
      );
    const first = hashes(bundles);
    expect(hashes(bundlesOf(request))).toEqual(first);
  });
});

test("no name follows from an identifier, which a bundle shortens", () => {
  const guilty = ["lib", "functions"].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { cwd: root }).filter((file) =>
      /\.constructor\.name|new\.target\.name/.test(read(root, file)),
    ),
  );
  expect(guilty).toEqual([]);
});

describe("a small function", () => {
  test("keeps the names of its errors and knows the project's own imports", () => {
    const project = small({
      "functions/shop/http.ts": `
        import { Failure } from "#kernel/failure";
        class OutOfStock extends Error { override readonly name = "OutOfStock"; }
        const failure = new Failure("conflict", "retry", "x");
        export const handler = () => [new OutOfStock().name, failure.code];`,
    });

    const bundles = bundleFunctions({
      root: project,
      names: ["shop/http"],
      folder: temporaryFolder(),
    });

    const { handler } = createRequire(import.meta.url)(
      join(requireBundle(bundles, "shop/http").folder, "index.js"),
    ) as { readonly handler: () => unknown };
    expect(handler()).toEqual(["OutOfStock", "conflict"]);
  });

  test("can be replaced by another file", () => {
    const project = small({
      "functions/shop/http.ts": "export const handler = () => 'shipped';",
      "test/other.ts": "export const handler = () => 'replaced';",
    });
    const entries = { "shop/http": "test/other.ts" };

    const bundles = bundleFunctions({ root: project, names: ["shop/http"], entries });

    expect(read(requireBundle(bundles, "shop/http").folder, "index.js")).toContain("replaced");
  });

  test("that does not exist is named", () => {
    const project = small({ "functions/shop/http.ts": "export const handler = 1;" });
    const bundled = (names: string[], entries = {}) =>
      bundleFunctions({ root: project, names, entries });
    expect(() => bundled(["shop/web"])).toThrow(/shop\/web has no file functions\/shop\/web.ts/);
    expect(() => bundled(["shop/http"], { "shop/htp": "x.ts" })).toThrow(
      "Entries are overridden for shop/htp, but no such function is deployed; there are shop/http.",
    );
    expect(() => requireBundle(bundled(["shop/http"]), "shop/web")).toThrow(/not bundled/);
  });
});

function small(files: Readonly<Record<string, string>>): string {
  const project = temporaryFolder();
  symlinkSync(join(root, "lib"), join(project, "lib"));
  writeFileSync(join(project, "package.json"), read(root, "package.json"));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  return project;
}

function read(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
