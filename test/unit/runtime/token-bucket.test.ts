// The rule by which requests are limited: never more than the quota at once, and within a window no
// more than that comes back.
import fc from "fast-check";
import { expect, test } from "vitest";
import { policiesIn, policyText } from "#contracts/http/rate-limits";
import type { EpochMs } from "#kernel/units";
import { limiter } from "#runtime/rate-limit/limiter";
import { type Bucket, take } from "#runtime/rate-limit/token-bucket";

const noon = 1_700_000_000_000;
const at = (ms: number) => (noon + ms) as EpochMs;
const three = { name: "default", quota: 3, windowSeconds: 60 };

function takeAt(...times: readonly number[]) {
  let bucket: Bucket | undefined;
  return times.map((ms) => {
    const taken = take(three, bucket, at(ms));
    bucket = taken.bucket;
    const { isAllowed, remaining, wholeInSeconds, nextInSeconds } = taken;
    return [isAllowed, remaining, wholeInSeconds, nextInSeconds];
  });
}

test("the quota may be taken at once; then a token comes back every third of the window", () => {
  expect(takeAt(0, 0, 0, 0, 19_999, 20_000, 20_000, 200_000)).toEqual([
    [true, 2, 20, 0],
    [true, 1, 40, 0],
    [true, 0, 60, 20],
    [false, 0, 60, 20],
    [false, 0, 41, 1],
    [true, 0, 60, 20],
    [false, 0, 60, 20],
    [true, 2, 20, 0],
  ]);
});

test("a clock that is set back brings nothing, and its time does not come twice", () => {
  expect(takeAt(0, 0, 0, -60_000, 0, 20_000).map(([isAllowed]) => isAllowed)).toEqual([
    true,
    true,
    true,
    false,
    false,
    true,
  ]);
});

test("whenever requests come, none passes that the quota and the time do not allow", () => {
  const policies = fc.record({
    name: fc.constant("default"),
    quota: fc.integer({ min: 1, max: 1_000_000 }),
    windowSeconds: fc.integer({ min: 1, max: 86_400 }),
  });
  const pauses = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 });
  const check = fc.property(policies, pauses, (policy, waits) => {
    let bucket: Bucket | undefined;
    let [now, passed] = [0, 0];
    for (const wait of waits) {
      now += wait;
      const taken = take(policy, bucket, at(now));
      bucket = taken.bucket;
      passed += taken.isAllowed ? 1 : 0;
      const refilled = (now * policy.quota) / (policy.windowSeconds * 1000);
      expect(passed).toBeLessThanOrEqual(policy.quota + Math.floor(refilled));
      expect(Number.isSafeInteger(taken.bucket.parts)).toBe(true);
      expect(taken.isAllowed || taken.nextInSeconds > 0).toBe(true);
    }
  });
  fc.assert(check, { numRuns: 200 });
});

test("whoever waits as long as he is told is let through", () => {
  const rule = fc.record({
    name: fc.constant("default"),
    quota: fc.integer({ min: 1, max: 5 }),
    windowSeconds: fc.integer({ min: 1, max: 600 }),
  });
  fc.assert(
    fc.property(rule, (policy) => {
      let bucket: Bucket | undefined;
      for (let asked = 0; asked < policy.quota; asked += 1) {
        bucket = take(policy, bucket, at(0)).bucket;
      }
      const refused = take(policy, bucket, at(7));
      const later = take(policy, refused.bucket, at(7 + refused.nextInSeconds * 1000));
      expect([refused.isAllowed, later.isAllowed]).toEqual([false, true]);
    }),
    { numRuns: 100 },
  );
});

test("each principal has a bucket of its own for each policy that there is", () => {
  const limits = limiter([
    { ...three, quota: 1 },
    { ...three, name: "tokens", quota: 1 },
  ]);
  const allowed = (policy: string, principal: string) =>
    limits.ask(policy, principal, at(0))?.isAllowed;

  expect([
    allowed("default", "ann"),
    allowed("default", "ann"),
    allowed("default", "bob"),
    allowed("tokens", "ann"),
    allowed("reports", "ann"),
  ]).toEqual([true, false, true, true, undefined]);
});

test("whoever has not asked for longest is forgotten, so that memory has a bound", () => {
  const limits = limiter([{ ...three, quota: 1 }]);
  const isAllowed = (principal: string) => limits.ask("default", principal, at(0))?.isAllowed;
  isAllowed("long ago");
  isAllowed("often");
  for (let other = 0; other < 9_999; other += 1) isAllowed(`address ${other}`);
  isAllowed("often");

  expect([isAllowed("often"), isAllowed("long ago")]).toEqual([false, true]);
});

test("a policy is written in the environment as in its header", () => {
  const policies = [three, { name: "tokens", quota: 20, windowSeconds: 10 }];
  const text = policies.map(policyText).join(", ");

  expect(text).toBe('"default";q=3;w=60, "tokens";q=20;w=10');
  expect(policiesIn(text)).toEqual(policies);
  for (const wrong of ["", "default;q=1;w=1", '"default";q=0;w=1', '"default";q=1', "all"]) {
    expect(() => policiesIn(wrong)).toThrow(/misconfigured|A policy is like/);
  }
});
