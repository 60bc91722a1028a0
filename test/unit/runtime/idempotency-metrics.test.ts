// What an idempotent effect tells, as it leaves the function.
import { expect, test } from "vitest";
import { byMessageId, idempotent } from "#messaging/idempotency/index";
import { idempotencyMetrics } from "#runtime/idempotency-metrics";
import { type Charge, onceWorld } from "../../support/once-world.ts";

test("a run and its repetition are counted and measured under the service's metrics", async () => {
  const counts: [string, number | undefined][] = [];
  const durations: string[] = [];
  const metrics = idempotencyMetrics({
    count: (name, value) => counts.push([name, value]),
    milliseconds: (name) => durations.push(name),
  });
  const { options } = onceWorld();
  const strategy = byMessageId<Charge>({ id: ["id"], payload: ["id"] });
  const charge = idempotent({ ...options, strategy, metrics });

  await charge({ id: "order-1", amount: 5 });
  await charge({ id: "order-1", amount: 5 });

  expect(counts).toEqual([
    ["IdempotencyMisses", undefined],
    ["IdempotencyBytesStored", 9],
    ["IdempotencyHits", undefined],
    ["IdempotencyBytesReplayed", 9],
  ]);
  expect(durations).toEqual([
    "IdempotencyClaimMs",
    "IdempotencyEffectMs",
    "IdempotencyCompleteMs",
    "IdempotencyClaimMs",
  ]);
});
