import { beforeAll, expect, test } from "vitest";
import { withShort } from "#contracts/short-stock";
import { deployScriptedSaga, type Run, type ScriptedSaga } from "../support/scripted-saga.ts";

let saga: ScriptedSaga;

beforeAll(async () => {
  saga = await deployScriptedSaga();
});

test("an order is taken to confirmed in seven transitions", async () => {
  const orderId = freshOrder();

  const run = await saga.run(orderId, {});

  expect(run.status).toBe("SUCCEEDED");
  expect(run.states).toEqual([
    "Begin",
    "Reserve",
    "Authorise",
    "CreateShipment",
    "CommitHold",
    "Capture",
    "Confirm",
  ]);
  expect(run.calls).toEqual([
    { step: "begin", orderId, run: 0 },
    { step: "reserve", orderId, lines: [{ sku: "chair", quantity: 2 }] },
    { step: "authorise", orderId, amount: 1000, currency: "BRL" },
    { step: "shipment", orderId },
    { step: "commit", orderId },
    { step: "capture", orderId },
    { step: "confirm", orderId, paymentId: "pay-1" },
  ]);
});

test("all lines of an order are reserved", async () => {
  const orderId = freshOrder();
  const lines = ["chair", "lamp", "desk"].map((sku) => ({ sku, quantity: 1 }));
  const order = { orderId, lines, amount: 3000, currency: "BRL" };

  const run = await saga.run(orderId, { begin: [{ answer: order }] });

  expect(run.calls[1]).toEqual({ step: "reserve", orderId, lines });
});

test("an order that is not open is left alone", async () => {
  const run = await saga.run(freshOrder(), { begin: [{ error: "OrderNotOpen" }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual(["begin"]);
});

test("a declined payment is undone in reverse and rejected with its reason", async () => {
  const orderId = freshOrder();
  const message = "The payment of 1013 BRL was declined.";

  const run = await saga.run(orderId, { authorise: [{ error: "PaymentDeclined", message }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual(["begin", "reserve", "authorise", "void", "release", "reject"]);
  expect(run.calls.at(-1)).toEqual({
    step: "reject",
    orderId,
    reason: "payment-declined",
    detail: message,
  });
});

test("an order without stock is rejected at once, naming the SKUs", async () => {
  const orderId = freshOrder();
  const short = [{ sku: "chair", requested: 2, available: 1 }];
  const message = withShort(`Not enough stock of ${"chair, ".repeat(1_500)}`, short);

  const run = await saga.run(orderId, { reserve: [{ error: "OutOfStock", message }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual(["begin", "reserve", "release", "reject"]);
  expect(run.calls.at(-1)).toEqual({
    step: "reject",
    orderId,
    reason: "out-of-stock",
    detail: message,
  });
});

test("an order whose stock was released before is undone completely", async () => {
  const run = await saga.run(freshOrder(), { reserve: [{ error: "StepCancelled" }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual(["begin", "reserve", "void", "release", "reject"]);
  expect(run.calls.at(-1)).toMatchObject({ reason: "payment-failed" });
});

test("a pending outcome is asked about again until it is known", async () => {
  const run = await saga.run(freshOrder(), { authorise: [{ error: "OutcomePending" }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual([
    "begin",
    "reserve",
    "authorise",
    "authorise",
    "shipment",
    "commit",
    "capture",
    "confirm",
  ]);
});

test("an authorisation that stays unknown is voided, until that is certain", async () => {
  const run = await saga.run(freshOrder(), {
    authorise: [{ error: "OutcomePending" }, { error: "Refused" }],
    void: [{ error: "OutcomePending" }, { error: "Transient" }],
  });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run).slice(2)).toEqual([
    "authorise",
    "authorise",
    "void",
    "void",
    "void",
    "release",
    "reject",
  ]);
  expect(run.calls.at(-1)).toMatchObject({
    reason: "payment-failed",
    detail: "Authorise: Refused",
  });
});

test("a capture that fails is undone in reverse", async () => {
  const run = await saga.run(freshOrder(), { capture: [{ error: "Refused" }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual([
    "begin",
    "reserve",
    "authorise",
    "shipment",
    "commit",
    "capture",
    "void",
    "release",
    "reject",
  ]);
  expect(run.calls.at(-1)).toMatchObject({ reason: "payment-failed", detail: "Capture: Refused" });
});

test("what passes is retried", async () => {
  const run = await saga.run(freshOrder(), {
    begin: [{ error: "Transient" }],
    reserve: [{ error: "Sandbox.Timedout" }],
    capture: [{ error: "Lambda.TooManyRequestsException" }],
    confirm: [{ error: "SomethingUnforeseen" }],
  });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run)).toEqual([
    "begin",
    "begin",
    "reserve",
    "reserve",
    "authorise",
    "shipment",
    "commit",
    "capture",
    "capture",
    "confirm",
    "confirm",
  ]);
});

test("a payment that cannot be voided needs attention, and nothing is released", async () => {
  const run = await saga.run(freshOrder(), {
    capture: [{ error: "Refused" }],
    void: [{ error: "Refused", message: "captured: it can only be paid back" }],
  });

  expect(run).toMatchObject({ status: "FAILED", error: "NeedsAttention" });
  expect(run.cause).toMatch(/^Void: Refused .*it can only be paid back/);
  expect(stepsOf(run).slice(-2)).toEqual(["void", "attention"]);
  expect(run.calls.at(-1)).toMatchObject({ run: 0, cause: run.cause });
});

test("a taken payment that cannot be confirmed needs attention, and is not undone", async () => {
  const run = await saga.run(freshOrder(), { confirm: [{ error: "OrderNotOpen" }] });

  expect(run).toMatchObject({ status: "FAILED", error: "NeedsAttention" });
  expect(run.cause).toMatch(/^Confirm: OrderNotOpen /);
  expect(stepsOf(run).slice(-3)).toEqual(["capture", "confirm", "attention"]);
});

test("stock that is refused for no known reason needs attention, not a rejection", async () => {
  const run = await saga.run(freshOrder(), { reserve: [{ error: "Refused" }] });

  expect(run).toMatchObject({ status: "FAILED", error: "NeedsAttention" });
  expect(stepsOf(run)).toEqual(["begin", "reserve", "attention"]);
});

test("a dear order waits for its review and goes on when somebody calls back", async () => {
  const [called, timedOut, over] = await Promise.all([
    saga.run(freshOrder(), { shipment: [{ error: "ReviewNeeded" }], review: [{ callBack: true }] }),
    saga.run(freshOrder(), { shipment: [{ error: "ReviewNeeded" }], review: [{ answer: {} }] }),
    saga.run(freshOrder(), {
      shipment: [{ error: "ReviewNeeded" }],
      review: [{ error: "ReviewOver" }],
    }),
  ]);

  for (const run of [called, timedOut, over]) {
    expect(run.status).toBe("SUCCEEDED");
    expect(stepsOf(run).slice(3, 6)).toEqual(["shipment", "review", "shipment"]);
    expect(stepsOf(run).at(-1)).toBe("confirm");
  }
});

test("a declined review is undone in reverse", async () => {
  const message = "the order's review has been declined";

  const run = await saga.run(freshOrder(), { shipment: [{ error: "ReviewDeclined", message }] });

  expect(stepsOf(run).slice(3)).toEqual(["shipment", "void", "release", "reject"]);
  expect(run.calls.at(-1)).toMatchObject({ reason: "review-declined", detail: message });
});

test.for(["begin", "shipment"] as const)("a cancellation met at %s undoes all", async (step) => {
  const run = await saga.run(freshOrder(), { [step]: [{ error: "CancelRequested" }] });

  expect(run.status).toBe("SUCCEEDED");
  expect(stepsOf(run).slice(-3)).toEqual(["void", "release", "reject"]);
  expect(run.calls.at(-1)).toMatchObject({ reason: "cancelled" });
});

test("a cancellation met when the money is taken pays it back", async () => {
  const [paid, refused] = await Promise.all([
    saga.run(freshOrder(), { confirm: [{ error: "CancelRequested" }] }),
    saga.run(freshOrder(), {
      confirm: [{ error: "CancelRequested" }],
      refund: [{ error: "PaymentRefused", message: "no" }],
    }),
  ]);

  expect(stepsOf(paid).slice(7)).toEqual(["refund", "refunded", "release", "reject"]);
  expect(paid.calls.at(7)).toMatchObject({ refundId: "cancel", amount: 1000 });
  expect(stepsOf(refused).slice(7)).toEqual(["refund", "refuse-refund"]);
});

test("stock that nobody holds any more is not paid for", async () => {
  const run = await saga.run(freshOrder(), { commit: [{ error: "HoldExpired", message: "gone" }] });

  expect(stepsOf(run).slice(4)).toEqual(["commit", "void", "release", "reject"]);
  expect(run.calls.at(-1)).toMatchObject({ reason: "hold-expired" });
});

const stepsOf = ({ calls }: Run): readonly string[] => calls.map(({ step }) => step);

let orders = 0;
const freshOrder = (): string => {
  orders += 1;
  return `0123456789ABCDEFGHJKMN${String(orders).padStart(4, "0")}`;
};
