// Settings are checked when the consumer is built, all of them at once.
import { expect, test } from "vitest";
import { CONSUMER_DEFAULTS } from "#messaging";
import { consumerSettings } from "#messaging/consumer/consumer-settings";
import { consumerWorld } from "../../support/consumer-world.ts";
import { textLike } from "../../support/matching.ts";

test("what is left out has its default", () => {
  expect(consumerSettings()).toEqual(CONSUMER_DEFAULTS);
  expect(consumerSettings({ attemptsMax: 7 })).toEqual({ ...CONSUMER_DEFAULTS, attemptsMax: 7 });
});

test("the defaults obey their own ranges", () => {
  expect(consumerSettings({ ...CONSUMER_DEFAULTS })).toEqual(CONSUMER_DEFAULTS);
});

test("everything that is wrong is told at once, with what was received", () => {
  const given = { attemptsMax: 0, parkedMax: 1.5, bodyBytesMax: Number.NaN, gapDeadlineSeconds: 5 };

  expect(() => consumerWorld({ settings: given }).sandbox()).toThrow(
    expect.objectContaining({
      code: "misconfigured",
      details: [
        { pointer: "/attemptsMax", detail: "must be an integer from 1 to 100; received 0" },
        { pointer: "/parkedMax", detail: "must be an integer from 1 to 1000; received 1.5" },
        { pointer: "/bodyBytesMax", detail: "must be an integer from 1 to 262144; received NaN" },
        {
          pointer: "/gapDeadlineSeconds",
          detail: textLike(/^is unknown; known are attemptsMax, gapDeadlineMs,/),
        },
      ],
    }),
  );
});

test("a setting cannot be named after what every object has", () => {
  const given = { toString: 1 } as object;

  expect(() => consumerSettings(given)).toThrow("toString is unknown");
});
