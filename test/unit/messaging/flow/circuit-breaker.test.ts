// What counts as a failure, and what a breaker does when its store is in trouble.
import { expect, test } from "vitest";
import { memoryRecordStore } from "#adapters/memory/record-store";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import {
  circuitBreaker,
  type CircuitBreakerEvent,
  type CircuitBreakerOptions,
  type RecordStore,
} from "#messaging/flow/index";
import { standingClock } from "../../../support/consumer-world.ts";

const trouble = new Failure("provider-unavailable", "retry", "down");
const refusal = new Failure("invalid-request", "reject", "wrong");
const settings = { callsMax: 4, failuresMax: 2, probeIntervalMs: 5_000, stateCachedMs: 2_000 };

function world(over: Partial<CircuitBreakerOptions> = {}) {
  const clock = standingClock();
  const events: CircuitBreakerEvent[] = [];
  let ids = 0;
  const breaker = circuitBreaker({
    name: "provider",
    store: memoryRecordStore(),
    clock,
    newId: () => `id-${(ids += 1)}`,
    settings,
    observe: (event) => events.push(event),
    ...over,
  });
  /** Answers what the caller gets: `ok`, or the error's code or message. */
  const call = (error?: Error): Promise<string> =>
    breaker
      .call(async () => {
        if (error !== undefined) throw error;
        return "ok";
      })
      .catch((thrown: unknown) => {
        if (thrown instanceof Failure) return thrown.code;
        return thrown instanceof Error ? thrown.message : "unknown";
      });
  const pass = (byMs: number): void => {
    clock.at = (clock.at + byMs) as EpochMs;
  };
  const changes = () =>
    events.flatMap((event) => (event.kind === "changed" ? [`${event.from}>${event.to}`] : []));
  return { breaker, call, changes, clock, events, pass };
}

/** A store that answers until it is cut off, and counts what it is asked. */
function cuttable(code: "store-unavailable" | "outcome-unknown" = "store-unavailable") {
  const inner = memoryRecordStore();
  const state = { isCut: false, reads: 0, writes: 0, landsFirst: false };
  const cut = (): never => {
    throw new Failure(code, "retry", "no way there");
  };
  const store: RecordStore = {
    async read(key) {
      state.reads += 1;
      return state.isCut ? cut() : inner.read(key);
    },
    async write(key, record) {
      state.writes += 1;
      if (state.isCut && state.landsFirst) await inner.write(key, record);
      return state.isCut ? cut() : inner.write(key, record);
    },
  };
  return { state, store, inner };
}

test("the circuit opens when enough of the last calls have failed", async () => {
  const { call, changes } = world();

  const ends = [];
  for (const error of [trouble, undefined, undefined, undefined, trouble, trouble, undefined]) {
    ends.push(await call(error));
  }

  // The first failure is no longer among the last four when the third comes.
  expect(ends).toEqual([
    "provider-unavailable",
    "ok",
    "ok",
    "ok",
    "provider-unavailable",
    "provider-unavailable",
    "circuit-open",
  ]);
  expect(changes()).toEqual(["closed>open"]);
});

test("what lies with the request says nothing against the dependency", async () => {
  const { call } = world();

  for (let index = 0; index < 10; index += 1) expect(await call(refusal)).toBe("invalid-request");

  expect(await call()).toBe("ok");
});

test("a probe that is refused for the request's sake closes the circuit", async () => {
  const { call, changes, pass } = world();
  await call(trouble);
  await call(trouble);
  pass(5_000);

  await call(refusal);

  expect(changes().at(-1)).toBe("half-open>closed");
});

test("an error that says nothing of itself counts, and what counts can be set", async () => {
  const plain = new Error("socket closed");
  const all = world();
  const some = world({ isTrouble: (error) => error === trouble });

  for (let index = 0; index < 3; index += 1) {
    await all.call(plain);
    await some.call(plain);
  }

  expect(await all.call()).toBe("circuit-open");
  expect(await some.call()).toBe("ok");
});

test("after it has closed, old failures are forgotten", async () => {
  const { call, pass } = world();
  await call(trouble);
  await call(trouble);
  pass(5_000);
  await call();

  await call(trouble);

  expect(await call()).toBe("ok");
});

test("a refused call says when it is tried again, and is told", async () => {
  const { breaker, call, events } = world();
  await call(trouble);
  await call(trouble);

  await expect(breaker.call(async () => "never")).rejects.toMatchObject({
    code: "circuit-open",
    action: "retry",
    message: "provider fails; it is tried again at 2026-01-01T00:00:05.000Z.",
  });
  expect(events.at(-1)).toEqual({ kind: "refused", name: "provider" });
});

test("with the store cut off every call is made, and the store is not asked by each", async () => {
  const { state, store } = cuttable();
  state.isCut = true;
  const { call, events, pass } = world({ store });

  for (let index = 0; index < 20; index += 1) expect(await call()).toBe("ok");
  pass(2_000);
  expect(await call()).toBe("ok");

  expect(state).toMatchObject({ reads: 2, writes: 0 });
  expect(events.map(({ kind }) => kind)).toEqual(["store-unreachable", "store-unreachable"]);
});

test("with the store cut off a sandbox opens, probes and closes by itself", async () => {
  const { state, store } = cuttable();
  const { call, changes, pass } = world({ store });
  await call();
  state.isCut = true;
  await call(trouble);
  await call(trouble);

  expect(await call()).toBe("circuit-open");
  pass(5_000);
  expect(await call(trouble)).toBe("provider-unavailable");
  expect(await call()).toBe("circuit-open");
  pass(5_000);
  expect(await call()).toBe("ok");
  expect(await call()).toBe("ok");

  expect(changes()).toEqual([
    "closed>open",
    "open>half-open",
    "half-open>open",
    "open>half-open",
    "half-open>closed",
  ]);
});

test("what a sandbox found out alone stands until somebody stores another state", async () => {
  const { state, store, inner } = cuttable();
  const { call, pass } = world({ store });
  state.isCut = true;
  await call(trouble);
  await call(trouble);
  state.isCut = false;

  pass(2_000);
  expect(await call()).toBe("circuit-open");
  await inner.write("provider", { version: 1, changeId: "other", data: { status: "closed" } });
  pass(2_000);
  expect(await call()).toBe("ok");
});

test("a claim whose answer was lost is read back, and counts as this sandbox's own", async () => {
  const { state, store, inner } = cuttable("outcome-unknown");
  const readable: RecordStore = {
    read: (key) => inner.read(key),
    write: (...all) => store.write(...all),
  };
  const { call, events, pass } = world({ store: readable });
  await call(trouble);
  await call(trouble);
  pass(5_000);
  state.isCut = true;
  state.landsFirst = true;

  expect(await call()).toBe("ok");

  expect(events.filter(({ kind }) => kind === "store-unreachable")).toEqual([]);
  expect(await inner.read("provider")).toMatchObject({ version: 3, data: { status: "closed" } });
});

test("a state that cannot be read is no reason to refuse a call", async () => {
  const store = memoryRecordStore();
  await store.write("provider", { version: 1, changeId: "x", data: { status: "ajar" } });
  const { call, events } = world({ store });

  expect(await call()).toBe("ok");

  expect(events).toMatchObject([{ kind: "store-unreachable", error: { code: "unexpected" } }]);
});

test("a window that can never fill is refused", () => {
  expect(() => world({ settings: { callsMax: 5, failuresMax: 6 } })).toThrow(
    "failuresMax must be at most callsMax; received 6 of 5.",
  );
});
