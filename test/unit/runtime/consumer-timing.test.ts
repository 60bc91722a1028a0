// What a stage says about waiting reaches the consumer, and nonsense does not start.
import { expect, test } from "vitest";
import { consumerSettings } from "#messaging/consumer/consumer-settings";
import { consumerTiming } from "#runtime/consumer-timing";

test("whole seconds become the library's durations", () => {
  expect(consumerTiming({ GAP_DEADLINE_SECONDS: "300", RETRY_DELAY_SECONDS: "2" })).toEqual({
    gapDeadlineMs: 300_000,
    retryDelayMs: 2_000,
  });
});

test.for(["soon", "", "0", "-1", "0.0001"])("a consumer does not start with %j", (told) => {
  const timing = consumerTiming({ GAP_DEADLINE_SECONDS: told, RETRY_DELAY_SECONDS: "2" });

  expect(() => consumerSettings(timing)).toThrow(/gapDeadlineMs must be an integer/);
});
