// Control messages on the wire: what a decision must say, and how it is told what is wrong with it.
import { expect, test } from "vitest";
import { type Control, controlEnvelope, decode, type Envelope, encode } from "#messaging";

const base = { id: "d1", stream: "a", author: "ada", reason: "lost for good" };

const retry: Control = { ...base, kind: "retry", sequence: 2 };

test.for<Control>([
  retry,
  { ...base, kind: "skip", sequence: 2 },
  { ...base, kind: "replace", sequence: 2, data: { amount: 3 } },
  { ...base, kind: "replace", sequence: 2, type: "test.mended", data: {} },
  { ...base, kind: "rewind" },
  { ...base, kind: "tick" },
])("a $kind arrives as it was sent", (control) => {
  const sent = encode(controlEnvelope(control, "urn:test"));

  expect(decode(sent)).toEqual({ kind: "control", control });
});

/** A retry whose data or attributes are changed; undefined takes one away. */
const changed = (data: object, attributes: object = {}): string => {
  const sent = controlEnvelope(retry, "urn:test");
  return JSON.stringify({ ...sent, ...attributes, data: { ...sent.data, ...data } });
};

test.for([
  [changed({ author: undefined }), '"author" must be a text of 1 to 200 characters'],
  [changed({ author: "" }), '"author" must be a text of 1 to 200 characters'],
  [changed({ author: "x".repeat(201) }), '"author" must be a text of 1 to 200 characters'],
  [changed({ reason: 7 }), '"reason" must be a text of 1 to 500 characters'],
  [changed({ reason: "x".repeat(501) }), '"reason" must be a text of 1 to 500 characters'],
  [changed({ force: true }), 'data of a control message has no "force"'],
  [changed({ sequence: undefined }), '"sequence" of a retry must be an integer >= 1'],
  [changed({ sequence: 0 }), '"sequence" of a retry must be an integer >= 1'],
  [changed({ sequence: "2" }), '"sequence" of a retry must be an integer >= 1'],
  [changed({ data: {} }), 'a retry has neither "type" nor "data"'],
  [
    changed({}, { type: "inorder.control.tick" }),
    'a tick has neither "sequence" nor "type" nor "data"',
  ],
  [
    changed({ sequence: 0 }, { type: "inorder.control.replace" }),
    '"sequence" of a replace must be an integer >= 1',
  ],
  [changed({}, { type: "inorder.control.replace" }), '"data" of a replace must be a JSON object'],
  [
    changed({ data: {}, type: "" }, { type: "inorder.control.replace" }),
    '"type" of a replace must be a text of 1 to 500 characters',
  ],
  [
    changed({}, { type: "inorder.control.forget" }),
    'control messages are retry, skip, replace, rewind and tick; received "forget"',
  ],
] as const)("%s is refused: %s", ([body, cause]) => {
  expect(decode(body)).toEqual({ kind: "malformed", cause });
});

test("a control message has no place in the order of its stream", () => {
  const { cause = "" } = decode(changed({}, { sequence: 3 })) as { readonly cause?: string };

  expect(cause).toContain('attribute "sequence" is unknown');
});

test("what would be refused is not sent", () => {
  const unsigned = controlEnvelope({ ...retry, author: "" }, "urn:test");

  expect(() => encode(unsigned)).toThrow(
    'Envelope cannot be sent: "author" must be a text of 1 to 200 characters.',
  );
});

test("an ordinary message cannot pass for a decision", () => {
  const sent: Envelope = {
    specversion: "1.0",
    id: "a#1",
    source: "urn:test",
    type: "inorder.control.skip",
    partitionkey: "a",
    sequence: 1,
    data: {},
  };

  expect(decode(JSON.stringify(sent)).kind).toBe("malformed");
});
