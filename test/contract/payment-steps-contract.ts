/**
 * What every memory of payment steps must do.
 */
import { beforeEach, expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { PaymentStep, PaymentSteps, StepKey } from "#services/payments/ports";

const noon = 1_700_000_000_000 as EpochMs;
const intent = { kind: "intent", deadline: noon, amount: 1000, currency: "BRL" } as const;
const done = {
  kind: "done",
  paymentId: "pay-1",
  status: "authorised",
  amount: 1000,
  currency: "BRL",
} as const;

export function paymentStepsContract(open: () => PaymentSteps | Promise<PaymentSteps>): void {
  let steps: PaymentSteps;

  beforeEach(async () => {
    steps = await open();
  });

  test("an unknown step is absent", async () => {
    expect(await steps.read(freshKey())).toBeUndefined();
  });

  test.for<PaymentStep>([
    intent,
    { ...intent, isRefused: true },
    done,
    { ...done, status: "captured", refunding: 300 },
    { kind: "tombstone", settled: true },
    { kind: "tombstone", paymentId: "pay-1", deadline: noon, settled: false },
  ])("$kind is read as it was written, %j", async (step) => {
    const key = freshKey();

    await steps.write(key, step, 0);

    expect(await steps.read(key)).toEqual({ step, version: 1 });
  });

  test("every write makes the version one more and replaces what was there", async () => {
    const key = freshKey();
    await steps.write(key, intent, 0);

    const written = await steps.write(key, done, 1);

    expect(written).toBe(true);
    expect(await steps.read(key)).toEqual({ step: done, version: 2 });
  });

  test.for([
    { present: 0, expected: 1 },
    { present: 1, expected: 0 },
    { present: 2, expected: 1 },
    { present: 1, expected: 2 },
  ])("at version $present a write over version $expected changes nothing", async (versions) => {
    const key = freshKey();
    for (let version = 0; version < versions.present; version += 1) {
      await steps.write(key, intent, version);
    }
    const before = await steps.read(key);

    const written = await steps.write(key, done, versions.expected);

    expect(written).toBe(false);
    expect(await steps.read(key)).toEqual(before);
  });

  test("of many writes over one version exactly one takes effect", async () => {
    const key = freshKey();

    const written = await Promise.all(
      Array.from({ length: 10 }, (_, index) => steps.write(key, { ...intent, amount: index }, 0)),
    );

    expect(written.filter(Boolean)).toHaveLength(1);
    expect(await steps.read(key)).toEqual({
      step: { ...intent, amount: written.indexOf(true) },
      version: 1,
    });
  });

  test("what is written beside a step is written with it", async () => {
    const key = freshKey();
    await steps.write({ ...key, step: "capture" }, intent, 0);

    const written = await steps.write({ ...key, step: "refund:r" }, intent, 0, {
      step: { name: "capture", step: done, version: 1 },
    });

    expect(written).toBe(true);
    expect(await steps.read({ ...key, step: "capture" })).toEqual({ step: done, version: 2 });
    expect(await steps.read({ ...key, step: "refund:r" })).toEqual({ step: intent, version: 1 });
  });

  test.for([
    { own: 0, beside: 2 },
    { own: 1, beside: 1 },
  ])("over versions $own and $beside, one of them wrong, nothing is written", async (versions) => {
    const key = freshKey();
    await steps.write({ ...key, step: "capture" }, intent, 0);

    const written = await steps.write({ ...key, step: "refund:r" }, done, versions.own, {
      step: { name: "capture", step: done, version: versions.beside },
    });

    expect(written).toBe(false);
    expect(await steps.read({ ...key, step: "capture" })).toEqual({ step: intent, version: 1 });
    expect(await steps.read({ ...key, step: "refund:r" })).toBeUndefined();
  });

  test("orders and steps do not touch each other", async () => {
    const key = freshKey();
    await steps.write(key, intent, 0);

    expect(await steps.read({ ...key, step: "capture" })).toBeUndefined();
    expect(await steps.read(freshKey())).toBeUndefined();
  });
}

let orders = 0;
const freshKey = (): StepKey => {
  orders += 1;
  return { orderId: `order-${orders}`, step: "authorise" };
};
