// The rules of webhooks out: what follows from an attempt, when the next one is made, how secrets
// go over into each other.
import { describe, expect, test } from "vitest";
import { type DurationMs, type EpochMs, later, seconds } from "#kernel/units";
import {
  afterAttempt,
  ATTEMPTS_LISTED_MAX,
  closed,
  type Delivery,
  deliveryIdAt,
  isOver,
  replayed,
  type Sent,
} from "#services/webhooks/domain/delivery";
import { changed, disabledFor, wants } from "#services/webhooks/domain/endpoint";
import { ATTEMPTS_MAX, pauseAfter } from "#services/webhooks/domain/retry-schedule";
import { formerAt, rotated } from "#services/webhooks/domain/signing-secrets";
import { noon, sampleDelivery, sampleEndpoint } from "../../support/webhook-samples.ts";

const never = () => 0.999_999;
const sent = (status?: number): Sent => ({
  at: noon,
  durationMs: 10,
  outcome: status === 200 ? "taken" : status === 410 ? "gone" : "refused",
  ...(status === undefined ? { error: "ECONNREFUSED" } : { status }),
});

describe("retries", () => {
  test("ten attempts, the last pause a day long, all within four days", () => {
    const pauses = Array.from({ length: ATTEMPTS_MAX }, (_, index) => pauseAfter(index + 1, never));
    const hours = pauses.map((pause) => (pause === undefined ? undefined : pause / 3_600_000));

    expect(ATTEMPTS_MAX).toBe(10);
    expect(hours.at(-1)).toBeUndefined();
    expect(hours.at(-2)).toBeCloseTo(24, 1);
    const total = hours.slice(0, -1).reduce<number>((sum, one) => sum + (one ?? 0), 0);
    expect(total).toBeCloseTo(75.6, 1);
  });

  test("a pause is anything up to its length", () => {
    expect(pauseAfter(1, () => 0)).toBe(0);
    expect(pauseAfter(2, () => 0.5)).toBe(150_000);
    expect(pauseAfter(1, never)).toBe(5000);
  });

  test("a delivery that never arrives is tried ten times, then it has failed", () => {
    let delivery: Delivery = sampleDelivery(sampleEndpoint());
    for (let attempt = 1; attempt < ATTEMPTS_MAX; attempt += 1) {
      delivery = afterAttempt(delivery, sent(503), () => 0.5);
      expect(delivery).toMatchObject({ status: "retrying", tries: attempt });
      expect(delivery.nextAttemptAt).toBeGreaterThan(noon);
      expect(isOver(delivery)).toBe(false);
    }
    delivery = afterAttempt(delivery, sent(), () => 0.5);

    expect(delivery).toMatchObject({ status: "failed", tries: 10, attemptsMade: 10 });
    expect(delivery.nextAttemptAt).toBeUndefined();
    expect(delivery.attempts.at(-1)).toMatchObject({ number: 10, error: "ECONNREFUSED" });
  });
});

describe("an attempt", () => {
  test("that is taken has delivered it", () => {
    const retrying = afterAttempt(sampleDelivery(sampleEndpoint()), sent(500), never);

    const after = afterAttempt(retrying, sent(200), never);

    expect(after).toMatchObject({ status: "delivered", attemptsMade: 2 });
    expect(after).not.toHaveProperty("nextAttemptAt");
    expect(isOver(after)).toBe(true);
  });

  test("that is refused is made again", () => {
    const after = afterAttempt(sampleDelivery(sampleEndpoint()), sent(302), never);
    expect(after).toMatchObject({ status: "retrying", attempts: [{ status: 302 }] });
    expect(after.attempts[0]).not.toHaveProperty("outcome");
  });

  test("after which the receiver wants no more closes it at once", () => {
    expect(afterAttempt(sampleDelivery(sampleEndpoint()), sent(410), never)).toMatchObject({
      status: "closed",
      closedBecause: "endpoint-gone",
    });
  });

  test("a replay begins a round of its own, whose attempts go on being counted", () => {
    const failed = closed(
      afterAttempt(sampleDelivery(sampleEndpoint()), sent(500), never),
      "endpoint-disabled",
    );

    const again = replayed(failed, 7);

    expect(again).toMatchObject({ status: "pending", round: 2, tries: 0, sequence: 7 });
    expect(again).not.toHaveProperty("closedBecause");
    expect(afterAttempt(again, sent(200), never).attempts).toMatchObject([
      { number: 1 },
      { number: 2 },
    ]);
  });

  test("the log of a delivery has a bound", () => {
    let delivery: Delivery = sampleDelivery(sampleEndpoint());
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        delivery = afterAttempt(delivery, sent(500), never);
      }
      delivery = replayed(delivery, 2 + round);
    }
    expect(delivery.attempts).toHaveLength(ATTEMPTS_LISTED_MAX);
    expect(delivery.attempts.at(-1)?.number).toBe(30);
  });
});

test("ids of deliveries sort by their time, and differ by what they are of", () => {
  const digest = "0123456789ABCDEFGHJKMNPQRS";
  const [early, late] = [
    deliveryIdAt(noon, digest),
    deliveryIdAt(later(noon, 1 as DurationMs), ""),
  ];

  expect(early).toBe("msg_01HF7YAT000123456789ABCDEF");
  expect(early < late).toBe(true);
});

describe("secrets", () => {
  const overlap = seconds(3600);
  const first = { secret: "a", former: [] };

  test("the former one signs too, until its overlap is over", () => {
    const next = rotated(first, "b", { now: noon, overlap });

    expect(next?.secret).toBe("b");
    expect(next && formerAt(next, noon)).toEqual(["a"]);
    expect(next && formerAt(next, later(noon, overlap))).toEqual([]);
  });

  test("an overlap of 0 ends every former one at once", () => {
    const next = rotated(first, "b", { now: noon, overlap });
    expect(next && rotated(next, "c", { now: noon, overlap: seconds(0) })).toEqual({
      secret: "c",
      former: [],
    });
  });

  test("more than two former ones are refused, until one has expired", () => {
    const at = (now: EpochMs) => ({ now, overlap });
    const two = rotated(rotated(first, "b", at(noon)) ?? first, "c", at(noon)) ?? first;

    expect(formerAt(two, noon)).toEqual(["b", "a"]);
    expect(rotated(two, "d", at(noon))).toBeUndefined();
    expect(rotated(two, "d", at(later(noon, overlap)))).toMatchObject({ secret: "d" });
  });
});

describe("an endpoint", () => {
  test("wants what it names, or everything, while it is enabled", () => {
    const some = sampleEndpoint({ events: ["order.placed"] });

    expect(wants(some, "order.placed")).toBe(true);
    expect(wants(some, "order.confirmed")).toBe(false);
    expect(wants(sampleEndpoint(), "order.confirmed")).toBe(true);
    expect(wants(disabledFor(sampleEndpoint(), "gone", noon), "order.placed")).toBe(false);
  });

  test("a change is a merge patch: null takes away, absence leaves", () => {
    const described = changed(sampleEndpoint(), { description: "mine" }, noon);

    expect(described).toMatchObject({ description: "mine", version: 2 });
    expect(changed(described, {}, noon)).toMatchObject({ description: "mine", version: 3 });
    expect(changed(described, { description: null }, noon)).not.toHaveProperty("description");
  });

  test("what was disabled for a reason keeps it until it is enabled", () => {
    const gone = disabledFor(sampleEndpoint(), "gone", noon);

    expect(changed(gone, { status: "disabled" }, noon).disabled).toBe("gone");
    expect(changed(gone, { status: "enabled" }, noon)).not.toHaveProperty("disabled");
    expect(changed(sampleEndpoint(), { status: "disabled" }, noon).disabled).toBe("owner");
  });
});
