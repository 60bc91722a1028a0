// Which run holds which claim, where the async context tells, and where only the payload does.
import { AsyncLocalStorage } from "node:async_hooks";
import { beforeEach, expect, test } from "vitest";
import { type Openings, openings } from "#adapters/powertools/openings";

let runs: Openings<string>;

beforeEach(() => {
  runs = openings();
});

/** As one middleware and the next are called: nothing of the async context passes. */
const elsewhere = AsyncLocalStorage.snapshot();

function acquire(data: unknown, claim: string, key = "key"): void {
  const opening = runs.open(data);
  opening.key = key;
  runs.hold(opening, claim);
}

function beRefused(data: unknown, key?: string): void {
  const opening = runs.open(data);
  opening.key = key;
  runs.refuse(opening);
}

test("a claim is closed once", () => {
  elsewhere(() => {
    const data = {};
    acquire(data, "mine");
    expect([runs.close(data, "complete"), runs.close(data, "release")]).toEqual([
      "mine",
      undefined,
    ]);
  });
});

test("who acquired nothing has nothing", () => {
  elsewhere(() => {
    acquire({ id: 1 }, "another's");
    expect(runs.close({ id: 1 }, "complete")).toBeUndefined();
  });
});

test("outside of its context a claim is found by its payload, if there is one only", () => {
  const [one, two] = [{}, {}];
  elsewhere(() => acquire(one, "of one"));
  elsewhere(() => acquire(two, "of two, first"));
  elsewhere(() => acquire(two, "of two, second"));

  expect(elsewhere(() => runs.close(one, "complete"))).toBe("of one");
  expect(elsewhere(() => runs.close(two, "complete"))).toBeUndefined();
});

test("beside a refused rival an unknown run completes but does not release", () => {
  const data = {};
  elsewhere(() => acquire(data, "mine"));
  elsewhere(() => beRefused(data, "key"));

  expect(elsewhere(() => runs.close(data, "release"))).toBeUndefined();
  expect(elsewhere(() => runs.close(data, "complete"))).toBe("mine");
});

test("a rival refused another record is no rival", () => {
  const data = {};
  elsewhere(() => acquire(data, "mine"));
  elsewhere(() => beRefused(data, "another key"));

  expect(elsewhere(() => runs.close(data, "release"))).toBe("mine");
});

test.each(["key", undefined])("a refused run releases nothing of %s's holder", (key) => {
  const data = {};
  elsewhere(() => acquire(data, "the holder's"));

  elsewhere(() => {
    beRefused(data, key);
    expect(runs.close(data, "release")).toBeUndefined();
  });
});

test("runs within runs are closed from the inside, however deep", () => {
  elsewhere(() => {
    const data = "one payload for all";
    const claims = Array.from({ length: 40 }, (_, index) => `claim ${index}`);
    for (const claim of claims) acquire(data, claim, claim);

    const inner = claims.slice(-8).toReversed();
    expect(inner.map(() => runs.close(data, "complete"))).toEqual(inner);
  });
});

test("of payloads without identity only the newest thousand are remembered", () => {
  for (let index = 0; index <= 1000; index += 1) {
    elsewhere(() => acquire(`payload ${index}`, `claim ${index}`));
  }

  expect(elsewhere(() => runs.close("payload 0", "complete"))).toBeUndefined();
  expect(elsewhere(() => runs.close("payload 1", "complete"))).toBe("claim 1");
});
