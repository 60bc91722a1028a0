// What each strategy takes for the same, what for newer, and what it refuses to guess.
import { expect, test } from "vitest";
import type { JsonObject } from "#kernel/json";
import {
  byContentHash,
  byMessageId,
  byTimestamp,
  byVersion,
  idempotent,
  type Strategy,
} from "#messaging/idempotency/index";
import { onceWorld } from "../../support/once-world.ts";

type Event = {
  readonly detail: { readonly orderId: string; readonly lines?: readonly { sku: string }[] };
  readonly meta?: unknown;
};

const event: Event = { detail: { orderId: "o-1", lines: [{ sku: "chair" }] }, meta: { tries: 1 } };

test("a message id is found at a path or by a function", () => {
  const byPath = byMessageId<Event>({ id: ["detail", "orderId"] });
  const byFunction = byMessageId<Event>({ id: ({ detail }) => detail.orderId });
  const inList = byMessageId<Event>({ id: ["detail", "lines", 0, "sku"] });

  expect(byPath(event).key).toBe("o-1");
  expect(byFunction(event)).toEqual(byPath(event));
  expect(inList(event).key).toBe("chair");
});

test("a path that leads nowhere, or to what is inherited, is an error that says where", () => {
  const lost = byMessageId<JsonObject>({ id: ["detail", "id"] });
  const inherited = byMessageId<JsonObject>({ id: ["constructor", "name"] });

  expect(() => lost({ detail: null })).toThrow('no idempotency key at ["detail","id"]');
  expect(() => lost({ detail: "text" })).toThrow("nothing was found");
  expect(() => inherited({})).toThrow("nothing was found");
  expect(() => byMessageId<JsonObject>({ id: () => [] })({})).toThrow("from the function");
});

test("the compiler knows the paths", () => {
  // @ts-expect-error: there is no such field.
  const wrong = byMessageId<Event>({ id: ["detail", "orderID"] });

  expect(() => wrong(event)).toThrow("nothing was found");
});

test("what changes between deliveries is left out of the comparison", () => {
  const whole = byMessageId<Event>({ id: ["detail", "orderId"] });
  const part = byMessageId<Event>({ id: ["detail", "orderId"], payload: ["detail"] });
  const again = { ...event, meta: { tries: 2 } };

  expect(whole(again).payloadHash).not.toBe(whole(event).payloadHash);
  expect(part(again)).toEqual(part(event));
});

test("content is the same whatever the order of its fields, and nothing else is", () => {
  const strategy = byContentHash<JsonObject>({ content: [] });
  const of = (content: JsonObject): string => strategy(content).key;

  expect(of({ a: 1, b: { d: [1, 2], c: "é" } })).toBe(of({ b: { c: "é", d: [1, 2] }, a: 1 }));
  expect(of({ a: 1, b: undefined })).toBe(of({ a: 1 }));
  expect(of({ a: 1 })).not.toBe(of({ a: "1" }));
  expect(of({ a: [1, 2] })).not.toBe(of({ a: [2, 1] }));
  expect(of({ a: null })).not.toBe(of({ a: 0 }));
});

test.for<[string, unknown]>([
  ["a Map", new Map([["a", 1]])],
  ["a Date", new Date(0)],
  ["bytes", new Uint8Array(2)],
  ["NaN", { deep: [Number.NaN] }],
  ["a function", { deep: () => 1 }],
  ["a bigint", { deep: 1n }],
  ["a hole in a list", { deep: Array(2) }],
  ["a lone surrogate", { deep: "\udc00" }],
  ["a circle", circle()],
])("content that JSON cannot carry is refused: %s", ([, content]) => {
  const strategy = byContentHash<{ content: unknown }>({ content: ({ content: part }) => part });

  expect(() => strategy({ content })).toThrow(
    expect.objectContaining({ code: "invalid-request", action: "reject" }) as Error,
  );
});

function circle(): unknown {
  const self: { self?: unknown } = {};
  self.self = self;
  return self;
}

test.for([undefined, null, "", " ", [], {}])("content that is %o is none", (content) => {
  const strategy = byContentHash<{ content: unknown }>({ content: ({ content: part }) => part });

  expect(() => strategy({ content })).toThrow(
    expect.objectContaining({ code: "idempotency-key-missing", action: "reject" }) as Error,
  );
});

type State = { readonly sku: string; readonly rank: unknown };

test.for<[string, Strategy<State>]>([
  ["version", byVersion<State>({ entity: ["sku"], version: ({ rank }) => rank })],
  ["timestamp", byTimestamp<State>({ entity: ["sku"], time: ({ rank }) => rank })],
])("a %s must be one", ([, strategy]) => {
  for (const rank of [undefined, null, -1, 1.5, Number.NaN, 2 ** 53, "yesterday", "", {}]) {
    expect(() => strategy({ sku: "chair", rank })).toThrow(
      expect.objectContaining({ code: "invalid-request", action: "reject" }) as Error,
    );
  }
  expect(strategy({ sku: "chair", rank: 0 })).toMatchObject({ key: "chair", rank: 0 });
});

test("a time is compared as an instant, not as text", () => {
  const strategy = byTimestamp<State>({ entity: ["sku"], time: ({ rank }) => rank });
  const rankOf = (rank: unknown) => strategy({ sku: "chair", rank }).rank;

  expect(rankOf("2026-01-01T01:00:00+02:00")).toBe(rankOf("2025-12-31T23:00:00.000Z"));
  expect(rankOf("2026-01-01T00:00:00.001Z")).toBe(1_767_225_600_001);
});

test("only what is newer is applied, and what was applied is replayed", async () => {
  const applied: unknown[] = [];
  const { options, counts } = onceWorld();
  const apply = idempotent<State>({
    ...options,
    strategy: byVersion<State>({ entity: ["sku"], version: ({ rank }) => rank }),
    effect: async ({ rank }) => {
      applied.push(rank);
      return `state ${String(rank)}`;
    },
  });
  const answers: unknown[] = [];
  for (const rank of [1, 3, 2, 3, 4]) answers.push(await apply({ sku: "chair", rank }));

  expect(applied).toEqual([1, 3, 4]);
  expect(answers).toMatchObject([
    { kind: "ran" },
    { kind: "ran" },
    { kind: "stale" },
    { kind: "replayed", result: "state 3" },
    { kind: "ran" },
  ]);
  expect(counts).toMatchObject({ misses: 3, stale: 1, hits: 1 });
});
