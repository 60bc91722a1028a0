// Which heads cost the sweep's index something, and where in it they are.
import { expect, test } from "vitest";
import { attentionOf } from "#adapters/aws/dynamodb/head-index";
import { neverWritten } from "#messaging";
import { start } from "../../support/consumer-world.ts";

test("a bad day is spread over all shards, each stream always in the same one", () => {
  const keys = () =>
    Array.from({ length: 64 }, (_, each) => {
      const { attention } = attentionOf({ ...neverWritten(`s${each}`), dueAt: start }, "c");
      return attention?.S;
    });

  expect(new Set(keys())).toEqual(new Set(["due#c#0", "due#c#1", "due#c#2", "due#c#3"]));
  expect(keys()).toEqual(keys());
});

test("a healthy head is not in it", () => {
  expect(attentionOf(neverWritten("s"), "c")).toEqual({});
});
