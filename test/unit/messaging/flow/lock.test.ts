// How a lock is waited for, kept and lost, on a clock that the test drives.
import { expect, test } from "vitest";
import { memoryLockStore } from "#adapters/memory/lock-store";
import { Failure } from "#kernel/failure";
import { type EpochMs, milliseconds, seconds } from "#kernel/units";
import {
  distributedLock,
  type HeldLock,
  type LockEvent,
  type LockOptions,
  type LockStore,
} from "#messaging/flow/index";
import { scheduler } from "#simulation/scheduler";
import { start } from "../../../support/consumer-world.ts";
import { aroundCalls } from "../../../support/interrupted.ts";

const settings = { leaseMs: 30_000, heartbeatMs: 10_000, heldMaxMs: 120_000 };
const unknown = new Failure("outcome-unknown", "retry", "no answer");
const unavailable = new Failure("store-unavailable", "retry", "no way there");

function world(over: Partial<LockOptions> = {}) {
  const time = scheduler(start, 10_000);
  const inner = memoryLockStore();
  const asked: string[] = [];
  const fates: Partial<
    Record<keyof LockStore, readonly ("answered" | "lost" | "never" | Error)[]>
  > = {};
  const store = aroundCalls<LockStore>(inner, async (call, name) => {
    const method = name as keyof LockStore;
    asked.push(method);
    const [fate = "answered", ...rest] = fates[method] ?? [];
    fates[method] = rest;
    if (fate === "never") return new Promise(() => undefined);
    if (fate instanceof Error) throw fate;
    const answer = await call();
    if (fate === "lost") throw unknown;
    return answer;
  });
  let owners = 0;
  const events: LockEvent[] = [];
  const lock = distributedLock({
    store,
    clock: time.clock,
    newId: () => `owner-${(owners += 1)}`,
    random: () => 0.5,
    settings,
    observe: (event) => events.push(event),
    ...over,
  });
  /** Runs the clock until the work has ended, or time is up. */
  const finish = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
    let isOver = false;
    const end = () => {
      isOver = true;
    };
    work.then(end, end);
    // What follows without waiting comes before the first event.
    await new Promise((resolve) => setImmediate(resolve));
    await time.run(() => isOver, time.now() + 600_000);
    return work;
  };
  const pass = (byMs: number) => time.run(() => false, time.now() + byMs);
  const acquire = async (name = "thing"): Promise<HeldLock> => {
    const held = await finish(lock.acquire(name));
    if (held === undefined) throw new Error("the lock is held");
    return held;
  };
  const kinds = () => events.map(({ kind }) => kind);
  return { acquire, asked, events, fates, finish, inner, kinds, lock, pass, store, time };
}

test("while it is held the heartbeat extends it, one request a beat", async () => {
  const { acquire, asked, pass, lock, finish } = world();
  const held = await acquire();

  await pass(35_000);

  expect(asked).toEqual(["acquire", "extend", "extend", "extend"]);
  expect(held.signal.aborted).toBe(false);
  expect(await finish(lock.acquire("thing"))).toBeUndefined();
});

test("after a release the heartbeat is over, and the next holder has a greater token", async () => {
  const { acquire, asked, finish, pass } = world();
  const first = await acquire();
  expect(await finish(first.release())).toBe(true);

  const second = await acquire();
  await finish(second.release());
  asked.length = 0;
  await pass(100_000);

  expect([first.token, second.token]).toEqual([1, 2]);
  expect(first.signal.aborted).toBe(false);
  expect(asked).toEqual([]);
});

test("a lock that is held is waited for", async () => {
  const { acquire, events, finish, lock, time } = world();
  const first = await acquire();
  time.after(5_000, () => void first.release());

  const second = await finish(lock.acquire("thing", seconds(60)));

  expect(second?.token).toBe(2);
  const [, acquired] = events.filter(({ kind }) => kind === "acquired");
  expect(acquired).toMatchObject({ name: "thing" });
  expect(time.now() - start).toBeLessThan(6_000);
});

test("nobody waits longer than said, and that is told", async () => {
  const { acquire, events, finish, lock, time } = world();
  await acquire();

  expect(await finish(lock.acquire("thing", seconds(8)))).toBeUndefined();

  expect(time.now() - start).toBeLessThanOrEqual(8_000);
  expect(time.now() - start).toBeGreaterThan(7_000);
  expect(events.at(-1)).toMatchObject({ kind: "not-acquired", name: "thing" });
});

test("the lease of a holder that died ends by itself", async () => {
  const { finish, inner, lock, time } = world();
  await inner.acquire("thing", "dead", time.now(), milliseconds(settings.leaseMs));

  const held = await finish(lock.acquire("thing", seconds(60)));

  expect(held?.token).toBe(2);
  expect(time.now() - start).toBeGreaterThanOrEqual(30_000);
  expect(time.now() - start).toBeLessThanOrEqual(31_000);
});

test("a holder that is superseded learns it at its next beat, and stops", async () => {
  const { acquire, asked, events, inner, pass } = world();
  const held = await acquire();
  await inner.acquire("thing", "thief", (start + 30_000) as EpochMs, seconds(30));

  await pass(10_000);
  const beats = asked.length;
  await pass(100_000);

  expect(held.signal.aborted).toBe(true);
  expect(held.signal.reason).toMatchObject({ code: "lock-lost", action: "retry" });
  expect(asked).toHaveLength(beats);
  expect(events.at(-1)).toEqual({ kind: "lost", name: "thing", why: "taken" });
});

test("an extension that fails is tried again; the end of the lease loses the lock", async () => {
  const { acquire, events, fates, kinds, pass } = world();
  const held = await acquire();
  fates.extend = [unavailable, unavailable, unavailable];

  await pass(29_999);
  expect(held.signal.aborted).toBe(false);
  await pass(1);

  expect(held.signal.aborted).toBe(true);
  expect(kinds()).toEqual(["acquired", "extend-failed", "extend-failed", "lost"]);
  expect(events.at(-1)).toMatchObject({ why: "lease-ended" });
});

test("one lost beat is made up for by the next", async () => {
  const { acquire, fates, pass } = world();
  const held = await acquire();
  fates.extend = [unavailable];

  await pass(100_000);

  expect(held.signal.aborted).toBe(false);
});

test("an extension that hangs does not hide the end of the lease", async () => {
  const { acquire, fates, pass } = world();
  const held = await acquire();
  fates.extend = ["never"];

  await pass(30_000);

  expect(held.signal.aborted).toBe(true);
});

test("a holder that never lets go is cut off", async () => {
  const { acquire, asked, events, finish, lock, pass } = world();
  const held = await acquire();

  await pass(150_000);
  const beats = asked.filter((method) => method === "extend").length;

  expect(held.signal.aborted).toBe(true);
  expect(events.at(-1)).toEqual({ kind: "lost", name: "thing", why: "held-too-long" });
  expect(beats).toBe(11);
  expect((await finish(lock.acquire("thing")))?.token).toBe(2);
});

test("an acquisition whose answer was lost is read back, and is not made twice", async () => {
  const { acquire, asked, fates } = world();
  fates.acquire = ["lost"];

  const held = await acquire();

  expect(held.token).toBe(1);
  expect(asked).toEqual(["acquire", "find"]);
});

test("an acquisition that never arrived is made again", async () => {
  const { acquire, asked, fates } = world();
  fates.acquire = [unknown];

  const held = await acquire();

  expect(held.token).toBe(1);
  expect(asked).toEqual(["acquire", "find", "acquire"]);
});

test("an outcome that stays unknown is told, after a bounded number of tries", async () => {
  const { asked, fates, finish, lock } = world();
  fates.acquire = [unknown, unknown, unknown, unknown];

  await expect(finish(lock.acquire("thing"))).rejects.toBe(unknown);

  expect(asked.filter((method) => method === "acquire")).toHaveLength(3);
});

test("a grant that took longer to arrive than it lasts is none", async () => {
  const { finish, lock, store, time } = world();
  const slow = aroundCalls(store, async (call) => {
    const answer = await call();
    await time.clock.sleep(seconds(31));
    return answer;
  });
  const late = distributedLock({
    store: slow,
    clock: time.clock,
    newId: () => "late",
    random: () => 0.5,
    settings,
  });

  expect(await finish(late.acquire("thing"))).toBeUndefined();
  expect((await finish(lock.acquire("thing")))?.token).toBe(2);
});

test("work is done while the lock is held, and the lock is released after", async () => {
  const { asked, finish, lock } = world();

  const answer = await finish(lock.holding("thing", async ({ token }) => `done with ${token}`));

  expect(answer).toBe("done with 1");
  expect(asked).toEqual(["acquire", "release"]);
});

test("work that fails releases the lock, too", async () => {
  const { asked, finish, lock } = world();
  const broken = new Error("broken");

  await expect(finish(lock.holding("thing", () => Promise.reject(broken)))).rejects.toBe(broken);

  expect(asked).toEqual(["acquire", "release"]);
});

test("work is not begun without the lock", async () => {
  const { acquire, finish, lock } = world();
  await acquire();
  let isBegun = false;
  const work = lock.holding("thing", async () => {
    isBegun = true;
  });

  await expect(finish(work)).rejects.toMatchObject({ code: "lock-held", action: "retry" });

  expect(isBegun).toBe(false);
});

test("a release that fails does not hide what the work answered", async () => {
  const { fates, finish, kinds, lock } = world();
  fates.release = [unavailable];

  expect(await finish(lock.holding("thing", async () => "done"))).toBe("done");

  expect(kinds()).toEqual(["acquired", "release-failed"]);
});

test("a heartbeat that leaves no room for a lost beat is refused", () => {
  expect(() => world({ settings: { leaseMs: 20_000, heartbeatMs: 10_000 } })).toThrow(
    "heartbeatMs must be less than half of leaseMs, so that one beat may be lost; " +
      "received 10000 of 20000.",
  );
});
