// The table of the package's entries: what cannot be built is named, with what to do.
import { join } from "node:path";
import { expect, test } from "vitest";
import { entriesOf, manifestOf } from "../../../bin/package/entries.ts";

const root = join(import.meta.dirname, "..", "..", "..");

const cdk = {
  source: "./lib/infra/index.ts",
  types: "./.build/package/types/infra/index.d.ts",
  default: "./.build/package/cdk.js",
};

test("every entry of package.json can be built", () => {
  const names = entriesOf(root, manifestOf(root)).map(({ name }) => name);

  expect(names).toEqual(expect.arrayContaining(["messaging", "cdk", "testing"]));
});

test.each([
  [{ ...cdk, source: "./lib/infra/none.ts" }, /inorder\/cdk has no file \.\/lib\/infra\/none\.ts/],
  [
    { types: cdk.types, default: cdk.default },
    /inorder\/cdk has no file at all; write it, or take/,
  ],
  [{ ...cdk, types: "./.build/package/cdk.d.ts" }, /built to .*types\/infra\/index\.d\.ts, so/],
  [{ ...cdk, default: "./.build/package/main.js" }, /it is built to .*cdk\.js, so write that/],
])("an entry that cannot be built is refused: %j", (entry, message) => {
  expect(() => entriesOf(root, { exports: { "./cdk": entry } })).toThrow(message);
});
