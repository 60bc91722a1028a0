// The set behind carts: whatever replicas do and in whatever order they meet, they agree, and
// nothing that was added is lost.
import { assert, array, constantFrom, integer, oneof, property, record, tuple } from "fast-check";
import { expect, test } from "vitest";
import {
  type CartSet,
  dotName,
  emptySet,
  merged,
  withEntry,
  without,
} from "#services/orders/domain/cart-set";

const REPLICAS = ["a", "b", "c"] as const;
type Replica = (typeof REPLICAS)[number];
type World = Readonly<Record<Replica, CartSet<string>>>;

const replica = constantFrom(...REPLICAS);
const item = constantFrom("chair", "lamp");
const step = oneof(
  record({ kind: constantFrom("add" as const), at: replica, item }),
  record({ kind: constantFrom("remove" as const), at: replica, item }),
  record({ kind: constantFrom("merge" as const), at: replica, from: replica }),
);
const history = array(step, { maxLength: 30 });

const nextNumber = (set: CartSet<string>, at: Replica): number => (set.seen[at] ?? 0) + 1;

const add = (set: CartSet<string>, at: Replica, what: string): CartSet<string> =>
  withEntry(set, { replica: at, number: nextNumber(set, at) }, what);

const remove = (set: CartSet<string>, what: string): CartSet<string> =>
  without(set, (entry) => entry.item === what);

/** Three replicas after some history in which they met now and then. */
const worlds = history.map((steps) =>
  steps.reduce<World>(
    (world, happened) => {
      const set = world[happened.at];
      switch (happened.kind) {
        case "add":
          return { ...world, [happened.at]: add(set, happened.at, happened.item) };
        case "remove":
          return { ...world, [happened.at]: remove(set, happened.item) };
        case "merge":
          return { ...world, [happened.at]: merged(set, world[happened.from]) };
        default:
          return happened satisfies never;
      }
    },
    { a: emptySet, b: emptySet, c: emptySet },
  ),
);

test("merging is commutative", () => {
  assert(
    property(worlds, ({ a, b }) => {
      expect(merged(a, b)).toEqual(merged(b, a));
    }),
  );
});

test("merging is associative", () => {
  assert(
    property(worlds, ({ a, b, c }) => {
      expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
    }),
  );
});

test("merging is idempotent, once more with what was merged as well", () => {
  assert(
    property(worlds, ({ a, b }) => {
      expect(merged(a, a)).toEqual(a);
      expect(merged(merged(a, b), b)).toEqual(merged(a, b));
    }),
  );
});

test("an add that the other has not seen survives its remove of the same item", () => {
  assert(
    property(worlds, item, ({ a, b }, what) => {
      const together = merged(add(a, "a", what), remove(merged(a, b), what));

      expect(together.entries.map((entry) => entry.item)).toContain(what);
    }),
  );
});

test("what one has removed after seeing it does not come back from the other", () => {
  assert(
    property(worlds, item, ({ a, b }, what) => {
      const removed = remove(merged(a, b), what);

      expect(merged(removed, b).entries.map((entry) => entry.item)).not.toContain(what);
      expect(merged(a, removed).entries.map((entry) => entry.item)).not.toContain(what);
    }),
  );
});

test("all replicas are equal after each has met each, in any order", () => {
  const meetings = array(tuple(replica, replica), { maxLength: 6 });
  assert(
    property(worlds, meetings, integer({ min: 0, max: 2 }), (world, extra, first) => {
      const met = extra.reduce<World>(
        (now, [at, from]) => ({ ...now, [at]: merged(now[at], now[from]) }),
        world,
      );
      const [one, two, three] = [0, 1, 2].map((index) => met[REPLICAS[(first + index) % 3] ?? "a"]);
      if (one === undefined || two === undefined || three === undefined) return;
      const hub = merged(merged(one, two), three);

      for (const set of [one, two, three]) expect(merged(set, hub)).toEqual(hub);
      const dots = hub.entries.map(({ dot }) => dotName(dot));
      expect(new Set(dots).size).toBe(dots.length);
    }),
  );
});
