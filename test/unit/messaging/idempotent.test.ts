// An effect under a key: had once, whatever its first run, its twins and the store do.
import { expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { Failure } from "#kernel/failure";
import { milliseconds, seconds } from "#kernel/units";
import type { Run } from "#messaging/idempotency/index";
import { textWith } from "../../support/matching.ts";
import { type Charge, onceWorld } from "../../support/once-world.ts";

const order: Charge = { id: "order-1", amount: 5 };

const gate = () => Promise.withResolvers<string>();

test("the first request has the effect, its repetition gets the first result", async () => {
  const { charge, ran, counts } = onceWorld();

  expect(await charge(order)).toEqual({ kind: "ran", result: "charged 5", isKept: true });
  expect(await charge({ ...order })).toEqual({ kind: "replayed", result: "charged 5" });

  expect(ran).toEqual([order]);
  expect(counts).toEqual({ misses: 1, hits: 1, bytesStored: 9, bytesReplayed: 9 });
});

test("an effect learns its key, its attempt, what went before and its deadline", async () => {
  const seen: Run[] = [];
  const { charge, clock } = onceWorld({
    effect: async (_, run) => {
      seen.push(run);
      if (seen.length === 1) throw new Error("down");
      return "";
    },
  });
  const deadline = clock.now() + 10_000;

  await expect(charge(order)).rejects.toThrow("down");
  await charge(order);

  expect(seen).toEqual([
    { key: "charge/order-1", attempt: 1, follows: "nothing", deadline },
    { key: "charge/order-1", attempt: 2, follows: "released", deadline },
  ]);
});

test("the same key with another payload is refused and changes nothing", async () => {
  const { charge, ran, counts } = onceWorld();
  await charge(order);

  const other = charge({ ...order, amount: 6 });

  await expect(other).rejects.toMatchObject({ code: "idempotency-key-reused", action: "reject" });
  expect(ran).toHaveLength(1);
  expect(counts).toMatchObject({ conflicts: 1 });
  expect(await charge(order)).toMatchObject({ kind: "replayed" });
});

test.for([undefined, null, "", "  ", {}, Number.NaN, 1.5, true])(
  "an input whose key is %o is refused, and shares no record",
  async (id) => {
    const { charge, ran } = onceWorld();

    const refused = charge({ id, amount: 5 });

    await expect(refused).rejects.toMatchObject({
      code: "idempotency-key-missing",
      action: "reject",
      message: textWith('at ["id"]'),
    });
    expect(ran).toEqual([]);
  },
);

test("effects of different names share a store and no key", async () => {
  const { charge, store } = onceWorld();
  const refund = onceWorld({ store, name: "refund" });

  await charge(order);

  expect(await refund.charge(order)).toMatchObject({ kind: "ran" });
});

test("a twin in flight is refused", async () => {
  const { promise, resolve } = gate();
  const { charge, ran, counts } = onceWorld({ effect: () => promise });
  const first = charge(order);

  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });

  resolve("done");
  expect(await first).toMatchObject({ kind: "ran" });
  expect(ran).toHaveLength(1);
  expect(counts).toMatchObject({ misses: 1, inProgress: 1 });
});

const wait = {
  kind: "wait",
  pollMs: milliseconds(100),
  waitMsMax: milliseconds(1_000),
} as const;

test("a twin in flight can wait for the first result", async () => {
  const { promise, resolve } = gate();
  const { charge, ran, clock, counts } = onceWorld({ whenInFlight: wait, effect: () => promise });
  const first = charge(order);

  const second = charge(order);
  await clock.sleep(milliseconds(0));
  resolve("done");

  expect(await second).toEqual({ kind: "replayed", result: "done" });
  expect(await first).toMatchObject({ kind: "ran" });
  expect(ran).toHaveLength(1);
  expect(counts).toMatchObject({ misses: 1, inProgress: 1, hits: 1 });
});

test("a twin waits no longer than it may, and sleeps the remainder only", async () => {
  const { charge, clock, counts } = onceWorld({
    whenInFlight: { ...wait, pollMs: milliseconds(400) },
    effect: () => gate().promise,
  });
  void charge(order);

  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-pending" });

  expect(clock.slept).toEqual([400, 400, 200]);
  expect(counts).toMatchObject({ inProgress: 1 });
});

test("a twin that waits runs itself when the first one fails", async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  let runs = 0;
  const { charge, clock } = onceWorld({
    whenInFlight: wait,
    effect: async () => {
      runs += 1;
      return runs === 1 ? await promise : "second";
    },
  });
  const first = charge(order);
  const second = charge(order);
  await clock.sleep(milliseconds(0));

  reject(new Error("down"));

  await expect(first).rejects.toThrow("down");
  expect(await second).toMatchObject({ kind: "ran", result: "second" });
});

test("a failed effect gives its key back at once", async () => {
  let runs = 0;
  const { charge, counts } = onceWorld({
    effect: async () => {
      runs += 1;
      if (runs === 1) throw new Failure("store-throttled", "retry", "busy");
      return "done";
    },
  });

  await expect(charge(order)).rejects.toMatchObject({ code: "store-throttled" });
  expect(await charge(order)).toMatchObject({ kind: "ran" });
  expect(counts).toEqual({ misses: 2, released: 1, bytesStored: 4 });
});

test("an effect that does not know whether it was had keeps its key for the lease", async () => {
  const seen: Run["follows"][] = [];
  const { charge, clock, counts } = onceWorld({
    effect: async (_, { follows }) => {
      seen.push(follows);
      if (seen.length === 1) throw new Failure("outcome-unknown", "retry", "no answer");
      return "done";
    },
  });

  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-unknown" });
  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-pending" });
  clock.advance(15_000);

  expect(await charge(order)).toMatchObject({ kind: "ran" });
  expect(seen).toEqual(["nothing", "abandoned"]);
  expect(counts).toMatchObject({ takenOver: 1 });
});

test("a key that has expired is a new one", async () => {
  const { charge, clock, ran, counts } = onceWorld();
  await charge(order);
  clock.advance(3_600_000);

  expect(await charge({ ...order, amount: 7 })).toMatchObject({ kind: "ran" });
  expect(ran).toHaveLength(2);
  expect(counts).toMatchObject({ misses: 2, expired: 1 });
});

test("a run that was taken over is told, and leaves the other's result", async () => {
  const begun = Promise.withResolvers<void>();
  const { promise, resolve } = gate();
  let runs = 0;
  const { charge, clock, counts } = onceWorld({
    effect: async () => {
      runs += 1;
      begun.resolve();
      return runs === 1 ? await promise : "second";
    },
  });
  const zombie = charge(order);
  await begun.promise;
  clock.advance(15_000);
  expect(await charge(order)).toMatchObject({ kind: "ran", result: "second" });

  resolve("first");

  await expect(zombie).rejects.toMatchObject({ code: "conflict", action: "retry" });
  expect(counts).toMatchObject({ lost: 1, takenOver: 1 });
  expect(await charge(order)).toEqual({ kind: "replayed", result: "second" });
});

test.for([
  ["too large", "x".repeat(11), 11],
  ["no text", "\ud800", 3],
  ["nothing", undefined as unknown as string, 0],
] as const)("a result that is %s: its effect is not had again", async ([, result, bytes]) => {
  const store = memoryIdempotencyStore({ resultBytesMax: 10 });
  const { charge, ran, counts } = onceWorld({ store, effect: async () => result });

  expect(await charge(order)).toEqual({ kind: "ran", result, isKept: false });

  await expect(charge(order)).rejects.toMatchObject({
    code: "payload-too-large",
    action: "reject",
    message: textWith(`${bytes} bytes could not be kept`),
  });
  expect(ran).toHaveLength(1);
  expect(counts).toMatchObject({ omitted: 1 });
});

test.for([
  [{ leaseMs: milliseconds(11_999) }, "/leaseMs"],
  [{ clockSkewMs: milliseconds(4_001) }, "/leaseMs"],
  [{ effectMsMax: seconds(0) }, "/effectMsMax"],
  [{ keepMs: seconds(14) }, "/keepMs"],
  [{ name: "Charge" }, "/name"],
  [{ name: "a/b" }, "/name"],
  [{ whenInFlight: { ...wait, pollMs: milliseconds(0) } }, "/whenInFlight/pollMs"],
  [{ whenInFlight: { ...wait, waitMsMax: seconds(901) } }, "/whenInFlight/waitMsMax"],
] as const)("settings that cannot hold are refused when it is built: %o", ([wrong, pointer]) => {
  expect(() => onceWorld(wrong)).toThrow(
    expect.objectContaining({
      code: "misconfigured",
      details: [{ pointer, detail: expect.any(String) as string }],
    }) as Error,
  );
});

test("every step's duration is measured", async () => {
  const { charge, durations } = onceWorld();

  await charge(order);
  await charge(order);

  expect(durations).toEqual(["claimMs", "effectMs", "completeMs", "claimMs"]);
});
