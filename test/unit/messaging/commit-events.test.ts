// Numbering what is added to a stream.
import { expect, test } from "vitest";
import { type Commit, nextCommit } from "#messaging";
import { start } from "../../support/consumer-world.ts";

const event = (type: string) => ({ type, data: { type } });

test("a new stream begins with commit 1 and sequence 1", () => {
  const commit = nextCommit("a", [], { events: [event("x"), event("y")], recordedAt: start });

  expect(commit).toEqual({
    stream: "a",
    number: 1,
    events: [
      { type: "x", sequence: 1, data: { type: "x" } },
      { type: "y", sequence: 2, data: { type: "y" } },
    ],
    recordedAt: start,
  });
});

test("sequences follow on over commits of any length", () => {
  const commits: Commit[] = [];
  for (const count of [2, 1, 3]) {
    const events = Array.from({ length: count }, () => event("x"));
    commits.push(nextCommit("a", commits, { events, recordedAt: start }));
  }

  expect(commits.map(({ number }) => number)).toEqual([1, 2, 3]);
  expect(commits.flatMap(({ events }) => events.map(({ sequence }) => sequence))).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
});

test("the last commit is enough to go on from", () => {
  const first = nextCommit("a", [], { events: [event("x")], recordedAt: start });
  const second = nextCommit("a", [first], { events: [event("x")], recordedAt: start });

  const third = nextCommit("a", [second], {
    events: [event("x")],
    recordedAt: start,
    fingerprint: "f",
    traceparent: "t",
  });

  expect(third).toMatchObject({ number: 3, fingerprint: "f", traceparent: "t" });
  expect(third.events).toMatchObject([{ sequence: 3 }]);
});

test("a commit without an event is refused", () => {
  expect(() => nextCommit("a", [], { events: [], recordedAt: start })).toThrow("needs an event");
});
