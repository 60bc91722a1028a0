// Known answers, so that ids and fingerprints never change between versions.
import { canonicalJson, sha256Crockford26, sha256Hex } from "#kernel/hash";
import { expect, test } from "vitest";

test("SHA-256 answers the digest that FIPS 180-4 gives for 'abc'", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("an id is the digest's first 130 bits in Crockford's alphabet", () => {
  const bits = BigInt(`0x${sha256Hex("abc")}`)
    .toString(2)
    .padStart(256, "0")
    .slice(0, 130);
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const expected = (bits.match(/.{5}/g) ?? [])
    .map((five) => alphabet.charAt(Number.parseInt(five, 2)))
    .join("");

  expect(sha256Crockford26("abc")).toBe(expected);
  expect(sha256Crockford26("abc")).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});

test("canonical JSON does not depend on the order in which keys were written, at any depth", () => {
  const one = canonicalJson({ b: [{ y: 1, x: 2 }], a: "é" });
  const two = canonicalJson({ a: "é", b: [{ x: 2, y: 1 }] });

  expect(one).toBe(two);
  expect(one).toBe('{"a":"é","b":[{"x":2,"y":1}]}');
});

test("canonical JSON keeps the order of lists, which carries meaning", () => {
  expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
});

test("canonical JSON leaves nothing out and adds nothing", () => {
  const proto = JSON.parse('{"b":1,"__proto__":{"d":1,"c":2},"a":{}}') as unknown;
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${40 - index}`, 1]));
  const date = new Date("2026-01-01T00:00:00.000Z");

  expect(canonicalJson(proto)).toBe('{"__proto__":{"c":2,"d":1},"a":{},"b":1}');
  const sorted = Object.keys(many).toSorted();
  expect(canonicalJson(many)).toBe(JSON.stringify(Object.fromEntries(sorted.map((k) => [k, 1]))));
  expect(canonicalJson({ date, gone: undefined, list: [undefined, null] })).toBe(
    '{"date":"2026-01-01T00:00:00.000Z","list":[null,null]}',
  );
});

test("two values that differ only in how deep something is have different texts", () => {
  expect(canonicalJson({ a: { b: 1 } })).not.toBe(canonicalJson({ a: {}, b: 1 }));
});
