/**
 * A store that decides in its own language must decide what the judgement in memory decides: random
 * sequences of calls over one key, with and without ranks, at any time, get the same answers.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { type EpochMs, milliseconds } from "#kernel/units";
import type { Claim, IdempotencyStore } from "#messaging/idempotency/index";
import { start } from "../support/consumer-world.ts";

type Call =
  | {
      readonly call: "claim";
      readonly owner: string;
      readonly payloadHash: string;
      readonly rank: number | undefined;
      readonly leaseMs: number;
      readonly keepMs: number;
    }
  /** Of one of the claims so far, the newest first. */
  | { readonly call: "complete" | "release"; readonly claim: number }
  | { readonly call: "find" };

type Step = Call & { readonly afterMs: number };

const afterMs = fc.constantFrom(0, 0, 1, 4, 5, 10);

const steps = (rank: fc.Arbitrary<number | undefined>): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      fc.record({
        call: fc.constant("claim" as const),
        owner: fc.constantFrom("a", "b"),
        payloadHash: fc.constantFrom("x", "x", "x", "y"),
        rank,
        leaseMs: fc.constantFrom(1, 5),
        keepMs: fc.constantFrom(5, 20),
        afterMs,
      }),
      fc.record({
        call: fc.constantFrom("complete" as const, "release" as const),
        claim: fc.nat(2),
        afterMs,
      }),
      fc.record({ call: fc.constant("find" as const), afterMs }),
    ),
    { minLength: 5, maxLength: 20 },
  );

const schedules = fc.oneof(
  steps(fc.constant(undefined)),
  steps(fc.constantFrom(1, 2, 3)),
  steps(fc.constantFrom(undefined, 1, 2)),
);

export function agreesWithMemory(
  open: () => IdempotencyStore | Promise<IdempotencyStore>,
  numRuns = 60,
): void {
  test("random calls are answered as they are in memory", async () => {
    const store = await open();
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(schedules, async (schedule) => {
        runs += 1;
        const key = `run-${runs}`;
        const here = await answersOf(store, key, schedule);
        const inMemory = await answersOf(memoryIdempotencyStore(), key, schedule);
        expect(here).toEqual(inMemory);
      }),
      { numRuns },
    );
  });
}

async function answersOf(
  store: IdempotencyStore,
  key: string,
  schedule: readonly Step[],
): Promise<readonly unknown[]> {
  const claims: Claim[] = [];
  const answers: unknown[] = [];
  let now = start;
  for (const [index, step] of schedule.entries()) {
    now = (now + step.afterMs) as EpochMs;
    answers.push(await answerTo(store, { key, step, now, claims, index }));
  }
  return answers;
}

async function answerTo(
  store: IdempotencyStore,
  at: {
    readonly key: string;
    readonly step: Step;
    readonly now: EpochMs;
    readonly claims: Claim[];
    readonly index: number;
  },
): Promise<unknown> {
  const { key, step, now, claims } = at;
  switch (step.call) {
    case "claim": {
      const { owner, payloadHash, rank, leaseMs, keepMs } = step;
      const answer = await store.claim(
        {
          key,
          owner,
          payloadHash,
          leaseMs: milliseconds(leaseMs),
          keepMs: milliseconds(keepMs),
          ...(rank !== undefined && { rank }),
        },
        now,
      );
      if (answer.kind === "claimed") claims.unshift(answer.claim);
      return answer;
    }
    case "find":
      return await store.find(key, now);
    case "complete":
    case "release": {
      const claim = claims[step.claim];
      if (claim === undefined) return "nothing was claimed";
      return step.call === "complete"
        ? await store.complete(claim, `result-${at.index}`, now)
        : await store.release(claim);
    }
    default:
      return step satisfies never;
  }
}
