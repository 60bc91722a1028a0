/**
 * What every starter of sagas must do. An adapter's own test file calls this with a starter whose
 * runs end as the order's id says.
 */
import { expect, test } from "vitest";
import { sagaRun } from "#services/orders/domain/runs";
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

      expect(await starter.start(sagaRun(order, 0))).toMatchObject({ kind: "running" });
      expect(await runs(order)).toBe(1);
    },
  );

  test.each([
    { status: "RUNNING", kind: "running" },
    { status: "SUCCEEDED", kind: "succeeded" },
  ] as const)(
    "a second start of a run that is $status says so and starts nothing",
    async ({ status, kind }) => {
      const { starter, orderId, settled, runs } = await open();
      const order = orderId(status);
      const first = await starter.start(sagaRun(order, 0));
      await settled(order);

      expect(await starter.start(sagaRun(order, 0))).toEqual(kind === "running" ? first : { kind });
      expect(await runs(order)).toBe(1);
    },
  );

  test("a second start of a run that has failed needs attention and starts nothing", async () => {
    const { starter, orderId, settled, runs } = await open();
    const order = orderId("FAILED");
    await starter.start(sagaRun(order, 0));
    await settled(order);

    expect(await starter.start(sagaRun(order, 0))).toEqual({
      kind: "needs-attention",
      status: "FAILED",
    });
    expect(await runs(order)).toBe(1);
  });

  test("of many starts at once one makes the run", async () => {
    const { starter, orderId, runs } = await open();
    const order = orderId("RUNNING");

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => starter.start(sagaRun(order, 0))),
    );

    expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => "running"));
    expect(await runs(order)).toBe(1);
  });
}
