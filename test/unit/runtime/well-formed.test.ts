// Half of a surrogate pair is no character: where it is in a body is told, and nothing else is.
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { wellFormed } from "#runtime/well-formed";

function pointersOf(text: string): readonly string[] {
  try {
    wellFormed(JSON.parse(text), text);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect([error.code, error.action]).toEqual(["invalid-request", "reject"]);
    return error.details.map(({ pointer }) => pointer);
  }
}

test.each([
  { text: '{"a":"\\ud83d\\ude00"}', pointers: [] },
  { text: '{"a":"\\\\ud800"}', pointers: [] },
  { text: '{"a":"\\ud800"}', pointers: ["/a"] },
  { text: '{"a":[1,"\\uDC00x",null]}', pointers: ["/a/1"] },
  { text: '{"a":{"\\ud800":1}}', pointers: ["/a"] },
  { text: '"\\ude00\\ud83d"', pointers: [""] },
  { text: '{"a/b":"\\ud800","c":"\\udfff"}', pointers: ["/a~1b", "/c"] },
])("$text has halves at $pointers", ({ text, pointers }) => {
  expect(pointersOf(text)).toEqual(pointers);
});

test("of very many halves some are told", () => {
  const text = JSON.stringify(Array.from({ length: 1_000 }, () => "\ud800"));

  expect(pointersOf(text)).toHaveLength(20);
});
