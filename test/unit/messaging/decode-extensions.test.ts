// What an envelope may carry besides its place in the order: causality, and a claim check instead
// of its data.
import { expect, test } from "vitest";
import { CLAIMED_BYTES_MAX, type ClaimCheckEnvelope, decode, type Message } from "#messaging";
import { envelope } from "../../support/consumer-world.ts";

const received = (over: object): Message | string => {
  const decoded = decode(JSON.stringify({ ...envelope("a", 1), ...over }));
  if (decoded.kind === "message") return decoded.message;
  return decoded.kind === "malformed" ? decoded.cause : decoded.kind;
};

test("causality arrives as values, not as texts", () => {
  const over = { dependencies: '["b#1","c#7"]', clock: '{"north":3,"south":0}', lamport: 12 };

  expect(received(over)).toMatchObject({
    dependencies: ["b#1", "c#7"],
    clock: { north: 3, south: 0 },
    lamport: 12,
  });
});

test.for([
  ["dependencies", ["b#1"]],
  ["dependencies", '{"b":1}'],
  ["dependencies", "[1]"],
  ["dependencies", '[""]'],
  ["dependencies", "["],
  ["dependencies", JSON.stringify(Array.from({ length: 20 }, () => "x".repeat(500)))],
  ["clock", { north: 1 }],
  ["clock", "[]"],
  ["clock", '{"north":-1}'],
  ["clock", '{"north":0.5}'],
  ["clock", '{"north":"1"}'],
  ["lamport", -1],
  ["lamport", 1.5],
  ["lamport", "1"],
  ["lamport", 2 ** 53],
] as const)("%s as %j is refused by its name", ([name, value]) => {
  expect(received({ [name]: value })).toContain(`attribute "${name}" must be`);
});

const { data: _, ...attributes } = envelope("a", 1);
const claim: ClaimCheckEnvelope = {
  ...attributes,
  dataref: "urn:claims:1",
  datasha256: "ab".repeat(32),
  datasize: 300_000,
};

const claimed = (over: object): Message | string => {
  const decoded = decode(JSON.stringify({ ...claim, ...over }));
  if (decoded.kind === "message") return decoded.message;
  return decoded.kind === "malformed" ? decoded.cause : decoded.kind;
};

test("a claim check names its data, which is empty until it is fetched", () => {
  expect(claimed({})).toMatchObject({
    data: {},
    claimCheck: { ref: "urn:claims:1", sha256: "ab".repeat(32), bytes: 300_000 },
  });
});

test.for([
  ["dataref", ""],
  ["datasha256", undefined],
  ["datasha256", "AB".repeat(32)],
  ["datasha256", "ab".repeat(31)],
  ["datasize", undefined],
  ["datasize", 0],
  ["datasize", CLAIMED_BYTES_MAX + 1],
] as const)("a claim check with %s %j is refused by that name", ([name, value]) => {
  expect(claimed({ [name]: value })).toContain(`attribute "${name}"`);
});

test("data is in the envelope or elsewhere, never both", () => {
  expect(claimed({ data: {} })).toContain('attribute "data" is unknown');
  expect(received({ datasize: 3 })).toContain('attribute "datasize" is unknown');
});
