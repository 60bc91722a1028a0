// A fold's state from the producer's log, at any sequence.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import {
  type EventRange,
  type FoldHandler,
  type Message,
  nextCommit,
  rebuild,
  rebuildFrom,
} from "#messaging";
import { start } from "../../support/consumer-world.ts";

const message = (sequence: number): Message => ({
  id: `a#${sequence}`,
  source: "urn:test",
  type: "test.happened",
  stream: "a",
  sequence,
  data: {},
});

const log = (...sequences: readonly number[]): readonly Message[] => sequences.map(message);

function counting() {
  const seen: number[] = [];
  const handler: FoldHandler<readonly number[]> = {
    kind: "fold",
    initial: [],
    evolve(state, { sequence }) {
      seen.push(sequence);
      return [...state, sequence];
    },
  };
  return { handler, seen };
}

test.for([
  { upTo: undefined, state: [1, 2, 3, 4] },
  { upTo: 2, state: [1, 2] },
  { upTo: 0, state: [] },
])("the state at $upTo", ({ upTo, state }) => {
  const { handler } = counting();

  const given = upTo === undefined ? {} : { upTo };
  expect(rebuild(handler, log(1, 2, 3, 4), { ...given, now: start })).toEqual({
    state,
    sequence: state.length,
  });
});

test("new messages are all that a known state costs", () => {
  const { handler, seen } = counting();
  const from = { state: [1, 2, 3], sequence: 3 };

  const { state } = rebuild(handler, log(2, 3, 4, 5), { from, now: start });

  expect(state).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([4, 5]);
});

test("of the store is read what lies between a known state and what is asked for", async () => {
  const { handler, seen } = counting();
  const stored = memoryEventStore();
  for (let number = 1; number <= 6; number += 1) {
    const events = [{ type: "test.happened", data: {} }];
    const before = await stored.read("a");
    await stored.append(nextCommit("a", before, { events, recordedAt: start }));
  }
  const asked: (EventRange | undefined)[] = [];
  const store = {
    read: (stream: string, range?: EventRange) => {
      asked.push(range);
      return stored.read(stream, range);
    },
  };
  const from = { state: [1, 2, 3], sequence: 3 };

  const options = { from, upTo: 5, now: start };
  const { state } = await rebuildFrom({ store, source: "urn:test" }, "a", handler, options);

  expect(state).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([4, 5]);
  expect(asked).toEqual([{ from: 4, to: 5 }]);
});

test.for([
  { has: [1, 3], upTo: undefined, lacks: 2 },
  { has: [2], upTo: undefined, lacks: 1 },
  { has: [1, 2], upTo: 4, lacks: 3 },
])("a log of $has lacks $lacks", ({ has, upTo, lacks }) => {
  const { handler } = counting();
  const given = upTo === undefined ? {} : { upTo };

  expect(() => rebuild(handler, log(...has), { ...given, now: start })).toThrow(
    `lacks sequence ${lacks}`,
  );
});

test("a state cannot be rebuilt from a later one", () => {
  const { handler, seen } = counting();
  const from = { state: [1, 2, 3], sequence: 3 };

  expect(() => rebuild(handler, log(1, 2, 3, 4), { from, upTo: 2, now: start })).toThrow(
    "The state at sequence 2 was asked for, but the one to begin with is at 3",
  );
  expect(seen).toEqual([]);
});

test("a state that is asked for where it is costs nothing", () => {
  const { handler, seen } = counting();
  const from = { state: [1, 2], sequence: 2 };

  expect(rebuild(handler, log(3), { from, upTo: 2, now: start })).toEqual(from);
  expect(seen).toEqual([]);
});

test("what a message leads to is the handler's: its failure is thrown", () => {
  const { handler } = counting();
  const evolve = () => {
    throw new Error("never");
  };

  expect(() => rebuild({ ...handler, evolve }, log(1), { now: start })).toThrow("never");
});
