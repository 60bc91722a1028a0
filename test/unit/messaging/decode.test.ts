// The wire format: what is let in, what is refused, and that a refusal says why.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode, ENVELOPE_BYTES_MAX, type Envelope, encode } from "#messaging";

const whole: Envelope = {
  specversion: "1.0",
  id: "order-1#3",
  source: "urn:inorder:orders",
  type: "order.placed",
  time: "2018-01-02T10:00:00.5+02:00",
  subject: "order-1",
  datacontenttype: "application/json",
  dataschema: "https://example.com/order.json",
  partitionkey: "order-1",
  sequence: 3,
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  data: { total: 13_937, lines: [{ sku: "chair" }] },
};

const least: Envelope = {
  specversion: "1.0",
  id: "i",
  source: "s",
  type: "t",
  partitionkey: "p",
  sequence: 1,
  data: {},
};

const causeOf = (body: string, bytesMax?: number): string => {
  const decoded = decode(body, bytesMax);
  return decoded.kind === "malformed" ? decoded.cause : "no cause: it was decoded";
};

const withAttribute = (name: string, value: unknown): string =>
  JSON.stringify({ ...whole, [name]: value });

test("a whole envelope becomes a message, its time a number", () => {
  expect(decode(encode(whole))).toEqual({
    kind: "message",
    message: {
      id: "order-1#3",
      source: "urn:inorder:orders",
      type: "order.placed",
      stream: "order-1",
      sequence: 3,
      time: Date.UTC(2018, 0, 2, 8, 0, 0, 500),
      traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      data: { total: 13_937, lines: [{ sku: "chair" }] },
    },
  });
});

test.for(["\uFFFE", "\uFFFF", "\u0000", "\u000B", "\uD800", "\uFFFD", "\u{1FFFF}"])(
  "a text with %j has no character that SQS would refuse or replace, and comes back",
  (strange) => {
    const data = { text: `a${strange}b${strange}`, [strange]: 1 };
    const body = encode({ ...least, data });

    expect(body).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
    expect(decode(body)).toMatchObject({ message: { data } });
  },
);

test("what is optional may be left out", () => {
  const decoded = decode(encode(least));

  expect(decoded).toEqual({
    kind: "message",
    message: { id: "i", source: "s", type: "t", stream: "p", sequence: 1, data: {} },
  });
});

test.for(["specversion", "id", "source", "type", "partitionkey", "sequence", "data"])(
  "without %s it is refused",
  (name) => {
    expect(causeOf(withAttribute(name, undefined))).toMatch(`attribute "${name}" is missing`);
  },
);

test.for([
  ["specversion", "0.3"],
  ["id", ""],
  ["id", 7],
  ["id", "x".repeat(513)],
  ["source", null],
  ["type", []],
  ["time", "yesterday"],
  ["time", "2018-01-02"],
  ["time", "2018-01-02T10:00:00"],
  ["time", 1_514_887_200_000],
  ["subject", ""],
  ["datacontenttype", "text/plain"],
  ["dataschema", {}],
  ["partitionkey", "\uD800"],
  ["partitionkey", ""],
  ["sequence", 0],
  ["sequence", -1],
  ["sequence", 1.5],
  ["sequence", "1"],
  ["sequence", 2 ** 53],
  ["traceparent", true],
  ["data", null],
  ["data", []],
  ["data", "text"],
] as const)("%s of %j is refused, and the cause names both", ([name, value]) => {
  const cause = causeOf(withAttribute(name, value));

  expect(cause).toMatch(`attribute "${name}" must be`);
  expect(cause).toMatch("received");
});

test("the largest sequence that a number holds exactly is accepted", () => {
  const { kind } = decode(encode({ ...least, sequence: Number.MAX_SAFE_INTEGER }));

  expect(kind).toBe("message");
});

test("an unknown attribute is refused with the known ones", () => {
  const cause = causeOf(withAttribute("sequnce", 1));

  expect(cause).toMatch('attribute "sequnce" is unknown; known are specversion, id, source');
});

test("a prototype cannot be smuggled in as an attribute", () => {
  expect(causeOf(`{"__proto__":{},${JSON.stringify(least).slice(1)}`)).toMatch("is unknown");
});

test.for(["", "null", "[]", "7", '"text"', "{", "undefined"])("%j is no envelope", (body) => {
  expect(causeOf(body)).toMatch("the body must be one JSON object; received");
});

test("bytes are counted as stored, not characters", () => {
  const body = JSON.stringify({ ...least, data: { text: "é".repeat(100) } });

  expect(decode(body, Buffer.byteLength(body)).kind).toBe("message");
  expect(causeOf(body, Buffer.byteLength(body) - 1)).toMatch(`at most ${body.length + 99}`);
});

describe("data", () => {
  const nested = (depth: number): string =>
    JSON.stringify({ ...least, data: {} }).replace(
      "{}",
      '{"a":'.repeat(depth) + "1" + "}".repeat(depth),
    );

  test("may be nested 32 deep and no deeper", () => {
    expect(decode(nested(32)).kind).toBe("message");
    expect(causeOf(nested(33))).toMatch("nested at most 32 deep");
  });

  test("nested to the limit of its size does not overflow the stack", () => {
    const body = JSON.stringify(least).replace(
      "{}",
      `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
    );

    expect(causeOf(body)).toMatch("nested at most 32 deep");
  });

  test("with a number that would not survive storing is refused", () => {
    expect(causeOf(JSON.stringify(least).replace("{}", '{"total":1e400}'))).toMatch("finite");
  });
});

test("a cause is short and shows control characters, whatever was received", () => {
  const cause = causeOf(withAttribute("time", `\u0000${"x".repeat(10_000)}`));

  expect(cause.length).toBeLessThan(250);
  expect(cause).toMatch("\\u0000");
});

test("nothing is sent that would not be let in", () => {
  expect(() => encode({ ...whole, id: "" })).toThrow(
    expect.objectContaining({ code: "malformed-message", action: "reject" }),
  );
  expect(() => encode({ ...whole, data: { text: "x".repeat(ENVELOPE_BYTES_MAX) } })).toThrow(
    expect.objectContaining({ code: "payload-too-large", action: "reject" }),
  );
});

test("no text makes it throw", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect(decode(body).kind).toBe("malformed");
    }),
  );
});

test("what was sent is what is read", () => {
  const text = fc.string({ minLength: 1, maxLength: 64, unit: "grapheme" });
  const envelopes = fc.record({
    id: text,
    source: text,
    type: text,
    partitionkey: text,
    sequence: fc.integer({ min: 1 }),
    data: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })),
  });
  fc.assert(
    fc.property(envelopes, (some) => {
      const envelope = { specversion: "1.0", ...some } as Envelope;
      const { partitionkey, specversion: _, ...rest } = envelope;

      const decoded = decode(encode(envelope));

      const sent: unknown = JSON.parse(JSON.stringify({ ...rest, stream: partitionkey }));
      expect(decoded).toEqual({ kind: "message", message: sent });
    }),
  );
});
