/**
 * What every lock store must do, and what a thing that checks its tokens must refuse. An adapter's
 * own test file calls this with a constructor of a store and of a thing protected by its locks.
 */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type EpochMs, later, seconds } from "#kernel/units";
import type { AcquireAnswer, Lease, LockStore } from "#messaging/flow/index";
import { start } from "../support/consumer-world.ts";

export type LockStoreUnderTest = {
  readonly store: LockStore;
  /** A protected thing of its own, which nobody has written yet. */
  readonly protectedThing: () => ProtectedThing;
};

export type ProtectedThing = {
  /** False: refused, because a later holder has written. */
  write(lease: Lease, value: string): Promise<boolean>;
  read(): Promise<string | undefined>;
};

const lease = seconds(10);
const afterwards = later(start, lease);
const justBefore = (afterwards - 1) as EpochMs;

export function lockStoreContract(open: () => LockStoreUnderTest): void {
  const fresh = () => {
    const { store, protectedThing } = open();
    const name = `lock-${randomUUID()}`;
    const acquire = (owner: string, now: EpochMs = start) => store.acquire(name, owner, now, lease);
    return { store, name, acquire, protectedThing };
  };

  test("a lock that nobody has held is granted with token 1", async () => {
    const { acquire, name } = fresh();

    expect(await acquire("a")).toEqual({
      kind: "granted",
      lease: { name, owner: "a", token: 1, until: afterwards },
    });
  });

  test("a lock that is held is not granted, to the last millisecond", async () => {
    const { acquire } = fresh();
    await acquire("a");

    expect(await acquire("b")).toEqual({ kind: "held", until: afterwards });
    expect(await acquire("b", justBefore)).toEqual({ kind: "held", until: afterwards });
  });

  test("of 16 concurrent acquisitions exactly one is granted", async () => {
    const { acquire } = fresh();

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => acquire(`owner-${index}`)),
    );

    expect(answers.filter(({ kind }) => kind === "granted")).toHaveLength(1);
  });

  test("of 16 concurrent acquisitions of an ended lease exactly one is granted", async () => {
    const { acquire } = fresh();
    await acquire("dead");

    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => acquire(`owner-${index}`, afterwards)),
    );

    const leases = answers.flatMap((answer) => (answer.kind === "granted" ? [answer.lease] : []));
    expect(leases).toHaveLength(1);
    expect(leases[0]?.token).toBe(2);
  });

  test("locks of other names are apart", async () => {
    const { acquire, store, name } = fresh();
    await acquire("a");

    expect(await store.acquire(`${name}x`, "b", start, lease)).toMatchObject({ kind: "granted" });
  });

  test("an acquisition that is repeated while its lease stands is the same one", async () => {
    const { acquire } = fresh();
    const first = await acquire("a");

    expect(await acquire("a", justBefore)).toEqual(first);
  });

  test("an owner whose lease has ended gets a new token", async () => {
    const { acquire } = fresh();
    await acquire("a");

    expect(granted(await acquire("a", afterwards)).token).toBe(2);
  });

  test("tokens only ever grow: after a release, after an end, after a repetition", async () => {
    const { acquire, store } = fresh();
    const tokens: number[] = [];
    let now = start;
    for (const next of ["release", "end", "repeat", "extend", "release", "end"]) {
      const held = granted(await acquire(`${next}-${now}`, now));
      tokens.push(held.token);
      if (next === "release") await store.release(held);
      if (next === "repeat") await acquire(held.owner, now);
      if (next === "extend") await store.extend(held, now, lease);
      now = later(now, lease);
    }

    expect(tokens).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("an extension moves the end of the lease", async () => {
    const { acquire, store, name } = fresh();
    const held = granted(await acquire("a"));

    const extended = await store.extend(held, justBefore, lease);

    const until = later(justBefore, lease);
    expect(extended).toEqual({ ...held, until });
    expect(await store.find(name)).toEqual({ ...held, until });
    expect(await acquire("b", afterwards)).toEqual({ kind: "held", until });
  });

  test("a late extension does not bring the end forward", async () => {
    const { acquire, store, name } = fresh();
    const held = granted(await acquire("a"));
    const extended = await store.extend(held, justBefore, lease);

    const late = await store.extend(held, start, lease);

    expect(late).toEqual(extended);
    expect(await store.find(name)).toEqual(extended);
  });

  test("a lease that has ended cannot be extended, even if nobody took it", async () => {
    const { acquire, store, name } = fresh();
    const held = granted(await acquire("a"));

    expect(await store.extend(held, afterwards, lease)).toBeUndefined();

    expect(await store.find(name)).toEqual(held);
  });

  test("a late holder can neither extend nor release its successor's lease", async () => {
    const { acquire, store, name } = fresh();
    const late = granted(await acquire("a"));
    const present = granted(await acquire("b", afterwards));

    expect(await store.extend(late, afterwards, lease)).toBeUndefined();
    expect(await store.release(late)).toBe(false);

    expect(await store.find(name)).toEqual(present);
  });

  test("an earlier lease of the same owner is a late holder's, too", async () => {
    const { acquire, store } = fresh();
    const late = granted(await acquire("a"));
    const present = granted(await acquire("a", afterwards));

    expect(await store.release(late)).toBe(false);
    expect(await store.extend(late, afterwards, lease)).toBeUndefined();
    expect(await store.release(present)).toBe(true);
  });

  test("what was released is granted at once, and cannot be extended", async () => {
    const { acquire, store } = fresh();
    const held = granted(await acquire("a"));

    expect(await store.release(held)).toBe(true);

    expect(await store.extend(held, start, lease)).toBeUndefined();
    expect(granted(await acquire("b")).token).toBe(2);
  });

  test("a release that is repeated answers the same", async () => {
    const { acquire, store } = fresh();
    const held = granted(await acquire("a"));
    await store.release(held);

    expect(await store.release(held)).toBe(true);
  });

  test("a lock that nobody has held is not found, one that has ended is", async () => {
    const { acquire, store, name } = fresh();
    const before = await store.find(name);
    const held = granted(await acquire("a"));

    expect(before).toBeUndefined();
    expect(await store.find(name)).toEqual(held);
    await store.release(held);
    expect(await store.find(name)).toMatchObject({ owner: "a", token: 1 });
  });

  test("what is protected takes every write of its holder", async () => {
    const { acquire, protectedThing } = fresh();
    const held = granted(await acquire("a"));
    const thing = protectedThing();

    expect(await thing.write(held, "first")).toBe(true);
    expect(await thing.write(held, "second")).toBe(true);

    expect(await thing.read()).toBe("second");
  });

  test("a holder whose lease has ended may write until its successor has", async () => {
    const { acquire, protectedThing } = fresh();
    const late = granted(await acquire("a"));
    const present = granted(await acquire("b", afterwards));
    const thing = protectedThing();

    expect(await thing.write(late, "late, and before")).toBe(true);
    expect(await thing.write(present, "present")).toBe(true);
    expect(await thing.write(late, "late, and after")).toBe(false);

    expect(await thing.read()).toBe("present");
  });

  test("a late holder is refused whatever its own clock says", async () => {
    const { acquire, store, protectedThing } = fresh();
    const late = granted(await acquire("a"));
    await store.release(late);
    const present = granted(await acquire("b"));
    const thing = protectedThing();
    await thing.write(present, "present");

    // By the time in its hands its lease stands for ten more seconds.
    expect(late.until).toBe(afterwards);
    expect(await thing.write(late, "late")).toBe(false);
  });
}

function granted(answer: AcquireAnswer): Lease {
  if (answer.kind !== "granted") throw new Error(`expected a lease, got ${answer.kind}`);
  return answer.lease;
}
