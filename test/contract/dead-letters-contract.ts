/**
 * What every dead-letter store must do. An adapter's own test file calls this with a constructor of
 * an empty one.
 */
import { expect, test } from "vitest";
import type { DeadLetters } from "#messaging";

export type Buried = {
  readonly body: string;
  readonly group: string | undefined;
  readonly cause: string | undefined;
};

export type DeadLettersUnderTest = {
  readonly deadLetters: DeadLetters;
  readonly buried: () => Promise<readonly Buried[]>;
};

export function deadLettersContract(
  open: () => DeadLettersUnderTest | Promise<DeadLettersUnderTest>,
): void {
  test("a record is kept as it came, in its own group, with its cause", async () => {
    const { deadLetters, buried } = await open();

    await deadLetters.bury({ receiptId: "r1", group: "a", body: '{"half":' }, "malformed: half");

    expect(await buried()).toEqual([{ body: '{"half":', group: "a", cause: "malformed: half" }]);
  });

  test("two records with one body are two", async () => {
    const { deadLetters, buried } = await open();

    await deadLetters.bury({ receiptId: "r1", group: "a", body: "same" }, "first");
    await deadLetters.bury({ receiptId: "r2", group: "a", body: "same" }, "second");

    expect((await buried()).map(({ cause }) => cause)).toEqual(["first", "second"]);
  });
}
