/**
 * What every starter of sagas must do. An adapter's own test file calls this with a starter whose
 * runs end as the order's id says.
 */
import { expect, test } from "vitest";
import type { SagaStarter } from "#services/orders/ports";

export type SagaStarterUnderTest = {
  readonly starter: SagaStarter;
  /** A fresh order id whose run, once started, is going to stay in this status. */
  readonly orderId: (status: "RUNNING" | "SUCCEEDED" | "FAILED") => string;
  /** Resolves when the started run has come to its status. */
  readonly settled: (orderId: string) => Promise<void>;
  /** How many runs there are for the order. */
  readonly runs: (orderId: string) => Promise<number>;
};

export function sagaStarterContract(
  open: () => SagaStarterUnderTest | Promise<SagaStarterUnderTest>,
): void {
  test.each(["RUNNING", "SUCCEEDED", "FAILED"] as const)(
    "a first start is running, whatever becomes of it: %s",
    async (status) => {
      const { starter, orderId, runs } = await open();
      const order = orderId(status);

      expect(await starter.start(order)).toEqual({ kind: "running" });
      expect(await runs(order)).toBe(1);
    },
  );

  test.each(["RUNNING", "SUCCEEDED"] as const)(
    "a second start of a run that is %s is running and starts nothing",
    async (status) => {
      const { starter, orderId, settled, runs } = await open();
      const order = orderId(status);
      await starter.start(order);
      await settled(order);

      expect(await starter.start(order)).toEqual({ kind: "running" });
      expect(await runs(order)).toBe(1);
    },
  );

  test("a second start of a run that has failed needs attention and starts nothing", async () => {
    const { starter, orderId, settled, runs } = await open();
    const order = orderId("FAILED");
    await starter.start(order);
    await settled(order);

    expect(await starter.start(order)).toEqual({ kind: "needs-attention", status: "FAILED" });
    expect(await runs(order)).toBe(1);
  });

  test("of many starts at once one makes the run", async () => {
    const { starter, orderId, runs } = await open();
    const order = orderId("RUNNING");

    const answers = await Promise.all(Array.from({ length: 5 }, () => starter.start(order)));

    expect(answers).toEqual(Array.from({ length: 5 }, () => ({ kind: "running" })));
    expect(await runs(order)).toBe(1);
  });
}
