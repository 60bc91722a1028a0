import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { later, seconds } from "#kernel/units";
import {
  intentLasting,
  landLate,
  noon,
  orderId,
  outcomeUnknown,
  pastDeadline,
  paymentWorld,
} from "../../support/payment-world.ts";

test("a void undoes the authorisation once, and late steps are refused", async () => {
  const world = paymentWorld();
  const tasks = world.over();
  await tasks.authorise();
  await tasks.void();
  const statuses = world.statuses();

  await tasks.void();

  expect(statuses).toEqual(["voided"]);
  expect(world.statuses()).toEqual(["voided"]);
  await expect(tasks.authorise()).rejects.toMatchObject({ code: "step-cancelled" });
  await expect(tasks.capture()).rejects.toMatchObject({ code: "step-cancelled" });
});

test("a void before anything happened asks nobody and refuses a late authorisation", async () => {
  const world = paymentWorld();
  const tasks = world.over();

  await tasks.void(noon);

  await expect(tasks.authorise()).rejects.toMatchObject({ code: "step-cancelled" });
  expect(world.statuses()).toEqual([]);
  expect(world.counted).toEqual([]);
});

test("a void of a declined payment asks nobody", async () => {
  const world = paymentWorld();
  const tasks = world.over();
  await tasks.authorise(noon, 1013).catch(() => undefined);

  await tasks.void();

  expect(world.statuses()).toEqual(["declined"]);
});

test("a captured payment is not voided, and its record stays as it is", async () => {
  const world = paymentWorld();
  const tasks = world.over();
  await tasks.authorise();
  await tasks.capture();

  const voiding = tasks.void();

  await expect(voiding).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
  expect(world.statuses()).toEqual(["captured"]);
  expect(await tasks.capture()).toHaveProperty("paymentId");
});

test("a capture whose answer is lost for good makes the void refuse", async () => {
  const world = paymentWorld();
  const { provider } = world;
  await world.over().authorise();
  const losesAnswers = {
    ...provider,
    capture: async (paymentId: string, key: string) => {
      await provider.capture(paymentId, key);
      throw outcomeUnknown();
    },
    lookup: async () => undefined,
  };
  await world
    .overPorts({ provider: losesAnswers })
    .capture()
    .catch(() => undefined);

  const voiding = world.over().void();

  await expect(voiding).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
  expect(await world.over().authorise()).toEqual({ paymentId: "payment-1" });
  expect(await world.over().capture()).toEqual({ paymentId: "payment-1" });
  expect(world.statuses()).toEqual(["captured"]);
  expect((await world.steps.ofOrder(orderId)).movements).toHaveLength(1);
  expect(await world.faults()).toEqual([]);
});

test("a void cut off while it records what was captured is ended by the next one", async () => {
  const world = paymentWorld();
  const { provider, steps } = world;
  const payment = await provider.authorise({
    key: `${orderId}:authorise`,
    orderId,
    amount: 1000,
    currency: "BRL",
  });
  await provider.capture(payment.paymentId, `${orderId}:capture`);
  const { paymentId } = payment;
  const buried = { kind: "tombstone", paymentId, settled: false } as const;
  await steps.write({ orderId, step: "authorise" }, buried, 0);
  const taken = { kind: "done", ...payment, status: "captured" } as const;
  await steps.write({ orderId, step: "capture" }, taken, 0);

  const voiding = world.over().void();

  await expect(voiding).rejects.toMatchObject({ code: "provider-refused" });
  expect(await world.over().authorise()).toEqual({ paymentId });
});

test("a void that the provider refuses for another reason leaves its tombstones", async () => {
  const world = paymentWorld();
  await world.over().authorise();
  const refuses = {
    ...world.provider,
    void: () => Promise.reject(new Failure("provider-refused", "reject", "not today")),
  };

  const voiding = world.overPorts({ provider: refuses }).void();

  await expect(voiding).rejects.toMatchObject({ message: "not today" });
  const authorise = await world.steps.read({ orderId, step: "authorise" });
  expect(authorise?.step).toMatchObject({ kind: "tombstone", settled: false });
});

test("a void waits for what may still land, until the deadline has passed", async () => {
  const world = paymentWorld();
  const silent = { ...world.provider, authorise: () => Promise.reject(outcomeUnknown()) };
  await world
    .overPorts({ provider: silent })
    .authorise()
    .catch(() => undefined);
  const tasks = world.over();

  const atDeadline = tasks.void(later(noon, intentLasting));
  await expect(atDeadline).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
  await landLate(world);
  await tasks.void(pastDeadline);

  expect(world.statuses()).toEqual(["voided"]);
});

test("an authorisation that its undo overtakes ends cancelled, and the undo finds it", async () => {
  const world = paymentWorld();
  const { provider } = world;
  const gate = Promise.withResolvers<void>();
  const slow = {
    ...provider,
    authorise: async (request: Parameters<typeof provider.authorise>[0]) => {
      await gate.promise;
      return await provider.authorise(request);
    },
  };
  const zombie = world.overPorts({ provider: slow }).authorise();
  const early = await world.over().void(noon).catch(String);

  gate.resolve();
  await expect(zombie).rejects.toMatchObject({ code: "step-cancelled", action: "reject" });
  const step = await world.steps.read({ orderId, step: "authorise" });
  await world.over().void();

  expect(early).toContain("may still carry out");
  expect(step?.step).toMatchObject({ kind: "tombstone", settled: false });
  expect(world.statuses()).toEqual(["voided"]);
});

test("a repeated attempt moves the deadline, so the void waits for the last one", async () => {
  const world = paymentWorld();
  const silent = { ...world.provider, authorise: () => Promise.reject(outcomeUnknown()) };
  const tasks = world.overPorts({ provider: silent });
  await tasks.authorise(noon).catch(() => undefined);
  await tasks.authorise(later(noon, seconds(20))).catch(() => undefined);

  const voiding = tasks.void(pastDeadline);

  await expect(voiding).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
});

test("an unknown authorisation that turns out declined leaves nothing to void", async () => {
  const world = paymentWorld();
  const silent = { ...world.provider, authorise: () => Promise.reject(outcomeUnknown()) };
  await world
    .overPorts({ provider: silent })
    .authorise(noon, 1013)
    .catch(() => undefined);
  await landLate(world, 1013);

  await world.over().void(noon);

  expect(world.statuses()).toEqual(["declined"]);
});

test("a void past the deadline that finds nothing is settled", async () => {
  const world = paymentWorld();
  const silent = { ...world.provider, authorise: () => Promise.reject(outcomeUnknown()) };
  await world
    .overPorts({ provider: silent })
    .authorise()
    .catch(() => undefined);

  await world.over().void();

  const authorise = await world.steps.read({ orderId, step: "authorise" });
  expect(authorise?.step).toMatchObject({ kind: "tombstone", settled: true });
});

test("a void whose answer is lost is looked up by its own key", async () => {
  const world = paymentWorld();
  const { provider } = world;
  await world.over().authorise();
  const losesAnswers = {
    ...provider,
    void: async (paymentId: string, key: string) => {
      await provider.void(paymentId, key);
      throw outcomeUnknown();
    },
  };

  await world.overPorts({ provider: losesAnswers }).void();

  expect(world.statuses()).toEqual(["voided"]);
  const authorise = await world.steps.read({ orderId, step: "authorise" });
  expect(authorise?.step).toMatchObject({ kind: "tombstone", settled: true });
});
