import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { later, seconds } from "#kernel/units";
import { aroundCalls } from "../../support/interrupted.ts";
import {
  landLate,
  noon,
  orderId,
  outcomeUnknown,
  paymentWorld,
} from "../../support/payment-world.ts";

test("an order's payment is authorised and captured under the steps' own keys", async () => {
  const world = paymentWorld();
  const tasks = world.over();

  const { paymentId } = await tasks.authorise();
  const captured = await tasks.capture();

  expect(captured).toEqual({ paymentId });
  expect(world.statuses()).toEqual(["captured"]);
  expect(await world.provider.lookup(`${orderId}:authorise`)).toMatchObject({ paymentId });
  expect(await world.provider.lookup(`${orderId}:capture`)).toMatchObject({ paymentId });
  expect(world.counted).toEqual([]);
});

test("a first attempt writes intent and result, and reads only what it builds on", async () => {
  const world = paymentWorld();
  const calls: string[] = [];
  const tasks = world.over((port) =>
    aroundCalls(port, async (call, method) => {
      calls.push(method);
      return await call();
    }),
  );

  await tasks.authorise();
  await tasks.capture();

  expect(calls.join(" ")).toBe("write authorise write read write capture write");
});

test("a decline rejects the step, is counted once, and stays a decline", async () => {
  const world = paymentWorld();
  const tasks = world.over();

  await expect(tasks.authorise(noon, 1013)).rejects.toMatchObject({ code: "payment-declined" });
  await expect(tasks.authorise(noon, 1013)).rejects.toMatchObject({ code: "payment-declined" });

  expect(world.statuses()).toEqual(["declined"]);
  expect(world.counted).toEqual(["PaymentsDeclined"]);
});

test("twins of one declined payment count one decline", async () => {
  const world = paymentWorld();
  const tasks = world.over();

  await Promise.allSettled([tasks.authorise(noon, 1013), tasks.authorise(noon, 1013)]);

  expect(world.statuses()).toEqual(["declined"]);
  expect(world.counted.filter((metric) => metric === "PaymentsDeclined")).toHaveLength(1);
});

test("nothing is captured that was not authorised", async () => {
  const capturing = paymentWorld().over().capture();

  await expect(capturing).rejects.toMatchObject({ code: "conflict", action: "reject" });
});

test("a lost answer is looked up by the step's key, and nothing is charged twice", async () => {
  const world = paymentWorld();
  const { provider } = world;
  const losesAnswers = {
    ...provider,
    authorise: async (request: Parameters<typeof provider.authorise>[0]) => {
      await provider.authorise(request);
      throw outcomeUnknown();
    },
  };

  const answer = await world.overPorts({ provider: losesAnswers }).authorise();

  expect(world.provider.paymentsOf(orderId)).toMatchObject([
    { paymentId: answer.paymentId, status: "authorised" },
  ]);
  expect(world.counted).toEqual(["PaymentLookups"]);
});

test("what is neither answered nor found is pending, and the repetition finds out", async () => {
  const world = paymentWorld();
  const silent = { ...world.provider, authorise: () => Promise.reject(outcomeUnknown()) };
  const first = world.overPorts({ provider: silent }).authorise();
  await expect(first).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
  await landLate(world);

  const repeated = await world.over().authorise(later(noon, seconds(2)));

  expect(world.provider.paymentsOf(orderId)).toMatchObject([
    { paymentId: repeated.paymentId, status: "authorised" },
  ]);
});

test("a look-up that fails leaves the outcome pending", async () => {
  const world = paymentWorld();
  const silent = {
    ...world.provider,
    capture: () => Promise.reject(outcomeUnknown()),
    lookup: () => Promise.reject(new Failure("provider-unavailable", "retry", "no connection")),
  };
  await world.over().authorise();

  const capturing = world.overPorts({ provider: silent }).capture();

  await expect(capturing).rejects.toMatchObject({ code: "outcome-pending", action: "retry" });
});

test("a provider that certainly was not reached is called again", async () => {
  const world = paymentWorld();
  const away = {
    ...world.provider,
    authorise: () => Promise.reject(new Failure("provider-unavailable", "retry", "refused")),
  };
  const first = world.overPorts({ provider: away }).authorise();
  await expect(first).rejects.toMatchObject({ code: "provider-unavailable", action: "retry" });

  await world.over().authorise();

  expect(world.statuses()).toEqual(["authorised"]);
});

test("a provider that answers another amount is not believed", async () => {
  const world = paymentWorld();
  const { provider } = world;
  const careless = {
    ...provider,
    authorise: (request: Parameters<typeof provider.authorise>[0]) =>
      provider.authorise({ ...request, amount: request.amount + 1 }),
  };

  const authorising = world.overPorts({ provider: careless }).authorise();

  await expect(authorising).rejects.toMatchObject({ code: "provider-refused", action: "reject" });
});
