import fc from "fast-check";
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { later, seconds } from "#kernel/units";
import { aroundCalls, type Cut, cutOff, Killed } from "../../support/interrupted.ts";
import {
  noon,
  orderId,
  outcomeUnknown,
  pastDeadline,
  paymentWorld,
  type PaymentWorld,
} from "../../support/payment-world.ts";

test("a captured payment is paid back in parts under their own keys, up to all of it", async () => {
  const world = await captured();
  const tasks = world.over();

  const first = await tasks.refund(300, "r1");
  await tasks.refund(700, "r2");

  expect(first).toEqual({ refundId: "r1", paymentId: "payment-1" });
  expect(world.refunded()).toBe(1000);
  await expect(tasks.refund(1, "r3")).rejects.toMatchObject(refused);
  expect(await world.provider.lookup(`${orderId}:refund:r1`)).toBeDefined();
  expect(await world.provider.lookup(`${orderId}:refund:r3`)).toBeUndefined();
});

test("a repeated refund answers the same and pays back once", async () => {
  const world = await captured();
  const first = await world.over().refund();

  const repeated = await world.over().refund();

  expect(repeated).toEqual(first);
  expect(world.refunded()).toBe(300);
});

test("an id belongs to one refund", async () => {
  const world = await captured();
  await world.over().refund(300, "r1");

  const other = world.over().refund(200, "r1");

  await expect(other).rejects.toMatchObject({ code: "conflict", action: "reject" });
  expect(world.refunded()).toBe(300);
});

test.for([0, -1, 0.5, 1001])(
  "%d of 1000 are not paid back, and nobody is asked",
  async (amount) => {
    const world = await captured();

    const refunding = world.over().refund(amount);

    await expect(refunding).rejects.toMatchObject(refused);
    expect(world.refunded()).toBe(0);
  },
);

test("nothing is paid back before a capture or after a void", async () => {
  const world = paymentWorld();
  const tasks = world.over();
  await tasks.authorise();
  await expect(tasks.refund()).rejects.toMatchObject(refused);
  await tasks.void();

  await expect(tasks.refund()).rejects.toMatchObject(refused);

  expect(world.refunded()).toBe(0);
});

test("a refund waits for a capture whose outcome is not known", async () => {
  const world = paymentWorld();
  await world.over().authorise();
  const silent = { ...world.provider, capture: () => Promise.reject(outcomeUnknown()) };
  await world
    .overPorts({ provider: silent })
    .capture()
    .catch(() => undefined);

  const early = world.over().refund();
  await expect(early).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
  await world.over().capture();
  await world.over().refund();

  expect(world.refunded()).toBe(300);
});

test("a lost answer is looked up by the refund's key and paid back once", async () => {
  const world = await captured();
  const { provider } = world;
  const losesAnswers = {
    ...provider,
    refund: async (request: RefundRequest) => {
      await provider.refund(request);
      throw outcomeUnknown();
    },
  };

  await world.overPorts({ provider: losesAnswers }).refund();

  expect(world.refunded()).toBe(300);
  expect(world.counted).toEqual(["PaymentLookups"]);
});

test("a first refusal gives the promised sum back at once, and the id stays refused", async () => {
  const world = await captured();

  const refunding = world.overPorts({ provider: refusing(world) }).refund(1000, "r1");

  await expect(refunding).rejects.toMatchObject(refused);
  await expect(world.over().refund(1000, "r1")).rejects.toMatchObject(refused);
  await world.over().refund(1000, "r2");
  expect(world.refunded()).toBe(1000);
});

test("a refusal beside an earlier request keeps the sum until that cannot land", async () => {
  const world = await captured();
  const silent = { ...world.provider, refund: () => Promise.reject(outcomeUnknown()) };
  const refusal = { provider: refusing(world) };
  await expect(world.overPorts({ provider: silent }).refund(1000)).rejects.toMatchObject(pending);
  const after = later(noon, seconds(2));
  await expect(world.overPorts(refusal).refund(1000, "r1", after)).rejects.toMatchObject(pending);

  await expect(world.over().refund(1, "r2", after)).rejects.toMatchObject(refused);
  await expect(world.over().refund(1000, "r1", after)).rejects.toMatchObject(pending);
  await expect(world.over().refund(1000, "r1", pastDeadline)).rejects.toMatchObject(refused);

  await world.over().refund(1000, "r2");
  expect(world.refunded()).toBe(1000);
});

test("an earlier request that lands after a refusal is the refund", async () => {
  const world = await captured();
  const silent = { ...world.provider, refund: () => Promise.reject(outcomeUnknown()) };
  await world
    .overPorts({ provider: silent })
    .refund()
    .catch(() => undefined);
  await world
    .overPorts({ provider: refusing(world) })
    .refund()
    .catch(() => undefined);
  await world.provider.refund({
    paymentId: "payment-1",
    amount: 300,
    key: `${orderId}:refund:r1`,
  });

  const repeated = await world.over().refund();

  expect(repeated).toEqual({ refundId: "r1", paymentId: "payment-1" });
  expect(world.refunded()).toBe(300);
});

/** More calls than a refund makes. */
const CALLS_MAX = 12;
const cuts: readonly Cut[] = Array.from({ length: CALLS_MAX }, (_, index) => index + 1).flatMap(
  (atCall): Cut[] => [
    { atCall, effect: "none" },
    { atCall, effect: "taken" },
  ],
);

test("a refund cut off at any call and repeated pays back once, and no sum is lost", async () => {
  let interrupted = 0;
  const ends = await Promise.all(
    cuts.map(async (cut) => {
      const world = await captured();
      if (await wasCut(world, cut, (tasks) => tasks.refund(600))) interrupted += 1;
      await world.over().refund(600);
      await world.over().refund(400, "r2");
      const tooMuch = await world.over().refund(1, "r3").catch(codeOf);
      return { refunded: world.refunded(), tooMuch };
    }),
  );

  expect(ends).toEqual(cuts.map(() => ({ refunded: 1000, tooMuch: "payment-refused" })));
  expect(interrupted).toBeGreaterThan(8);
});

test("a refused refund cut off at any call gives its sum back once it is repeated", async () => {
  const ends = await Promise.all(
    cuts.map(async (cut) => {
      const world = await captured();
      const refusal = { provider: refusing(world) };
      await wasCut(world, cut, (tasks) => tasks.refund(600), refusal);
      const later = [pastDeadline, pastDeadline + 31_000, pastDeadline + 62_000] as const;
      const codes: unknown[] = [];
      for (const now of later) {
        const refunding = world.overPorts(refusal).refund(600, "r1", now as typeof noon);
        codes.push(await refunding.catch(codeOf));
      }
      await world.over().refund(1000, "r2");
      return { last: codes.at(-1), refunded: world.refunded() };
    }),
  );

  expect(ends).toEqual(cuts.map(() => ({ last: "payment-refused", refunded: 1000 })));
});

test("refunds at once, twins and a void in any interleaving never exceed the capture", async () => {
  const sums = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const world = await captured();
      const tasks = world.over((port) =>
        aroundCalls(port, async (call, method) => {
          await scheduler.schedule(Promise.resolve(), method);
          return await call();
        }),
      );

      const ended = Promise.allSettled([
        tasks.refund(600, "r1"),
        tasks.refund(600, "r1"),
        tasks.refund(500, "r2"),
        tasks.refund(400, "r3"),
        tasks.void(),
      ]);
      await scheduler.waitFor(ended);
      for (const [amount, id] of [
        [600, "r1"],
        [500, "r2"],
        [400, "r3"],
      ] as const) {
        await world.over().refund(amount, id).catch(refusedOnly);
      }

      sums.add(world.refunded());
      expect(world.refunded()).toBe(await promisedIn(world));
      expect(world.refunded()).toBeLessThanOrEqual(1000);
    }),
    { numRuns: 200, seed: 20_260_101 },
  );
  expect([...sums].toSorted()).toEqual([1000, 900]);
});

type RefundRequest = Parameters<PaymentWorld["provider"]["refund"]>[0];

const refused = { code: "payment-refused", action: "reject" };
const pending = { code: "outcome-pending", action: "retry" };

const refusing = ({ provider }: PaymentWorld) => ({
  ...provider,
  refund: () => Promise.reject(new Failure("provider-refused", "reject", "not today")),
});

async function captured(): Promise<PaymentWorld> {
  const world = paymentWorld();
  await world.over().authorise();
  await world.over().capture();
  return world;
}

async function promisedIn({ steps }: PaymentWorld): Promise<number> {
  const capture = await steps.read({ orderId, step: "capture" });
  return capture?.step.kind === "done" ? (capture.step.refunding ?? 0) : 0;
}

const codeOf = (error: unknown): unknown => (error instanceof Failure ? error.code : error);

function refusedOnly(error: unknown): void {
  expect(error).toMatchObject(refused);
}

async function wasCut(
  world: PaymentWorld,
  cut: Cut,
  run: (tasks: ReturnType<PaymentWorld["over"]>) => Promise<unknown>,
  changed: { readonly provider?: PaymentWorld["provider"] } = {},
): Promise<boolean> {
  const cutter = cutOff(cut);
  const provider = changed.provider ?? world.provider;
  const tasks = world.overPorts({
    provider: cutter.wrap(provider),
    steps: cutter.wrap(world.steps),
  });
  try {
    await run(tasks);
    return false;
  } catch (error) {
    if (error instanceof Killed) return true;
    expect(error).toMatchObject(refused);
    return false;
  }
}
