// Merge patches against the examples of RFC 7396, appendix A, and names that mean harm.
import { expect, test } from "vitest";
import type { Json } from "#kernel/json";
import { mergePatch } from "#kernel/merge-patch";

const examples: readonly (readonly [Json, Json, Json])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

test.each(examples)("%j patched by %j is %j", (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

test("neither the target nor the patch is changed", () => {
  const target = { a: { b: 1 } };
  const patch = { a: { c: 2 } };

  mergePatch(target, patch);

  expect([target, patch]).toEqual([{ a: { b: 1 } }, { a: { c: 2 } }]);
});

test("a prototype is a name like any other", () => {
  const patch = JSON.parse('{"__proto__":{"admin":true}}') as Json;

  const merged = mergePatch({}, patch) as object;

  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect("admin" in merged).toBe(false);
});
