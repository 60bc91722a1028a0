// The system's clock: a pause ends by itself, or when nobody waits for it any more.
import { expect, test } from "vitest";
import { systemClock } from "#kernel/clock";
import { milliseconds } from "#kernel/units";

const aYear = milliseconds(2 ** 31 - 1);

test("a pause ends by itself", async () => {
  expect(await systemClock.sleep(milliseconds(1))).toBeUndefined();
});

test("a pause ends early when its signal is aborted", async () => {
  const over = new AbortController();
  const pause = systemClock.sleep(aYear, over.signal);

  over.abort();

  expect(await pause).toBeUndefined();
});

test("a pause whose signal was aborted before does not begin", async () => {
  expect(await systemClock.sleep(aYear, AbortSignal.abort())).toBeUndefined();
});
