// Text from outside is an object or it is refused; nothing in between.
import { parseJsonObject } from "#kernel/json";
import { expect, test } from "vitest";

test("an object is read", () => {
  expect(parseJsonObject('{"a":1}')).toEqual({ a: 1 });
});

test.each(["", "[]", "null", "1", '"a"', "{", "undefined"])("%j is no object", (text) => {
  expect(parseJsonObject(text)).toBeUndefined();
});
