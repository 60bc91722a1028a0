// Twins of one request in every order that their calls can fall into, with lost answers and leases
// that end while an effect runs: one of them is told that it ran, and all others get its result.
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { Failure, isFailure } from "#kernel/failure";
import { seededRng } from "#kernel/rng";
import {
  hintedStore,
  idempotent,
  type IdempotencyStore,
  type IdempotentAnswer,
  recentKeys,
} from "#messaging/idempotency/index";
import { onceWorld } from "../../support/once-world.ts";

const TWINS = 4;
const TRIES_MAX = 8;

type Faults = {
  readonly seed: number;
  /** How many calls in ten lose their answer, before or after they took effect. */
  readonly lost: number;
  /** How many effects in ten outlast their lease. */
  readonly late: number;
};

/** Every call waits for its turn, and may lose its answer. */
function scheduled(
  store: IdempotencyStore,
  scheduler: fc.Scheduler,
  isLost: () => boolean,
): IdempotencyStore {
  const turn = async <Answer>(name: string, call: () => Promise<Answer>): Promise<Answer> => {
    await scheduler.schedule(Promise.resolve(), name);
    if (isLost()) throw new Failure("outcome-unknown", "retry", "never arrived");
    const answer = await call();
    await scheduler.schedule(Promise.resolve(), `answer of ${name}`);
    if (isLost()) throw new Failure("outcome-unknown", "retry", "no answer");
    return answer;
  };
  return {
    resultBytesMax: store.resultBytesMax,
    claim: (request, now) => turn("claim", () => store.claim(request, now)),
    complete: (claim, result, now) => turn("complete", () => store.complete(claim, result, now)),
    release: (claim) => turn("release", () => store.release(claim)),
    find: (key, now) => turn("find", () => store.find(key, now)),
  };
}

async function runTwins(scheduler: fc.Scheduler, { seed, lost, late }: Faults) {
  const rng = seededRng(seed);
  const store = scheduled(memoryIdempotencyStore(), scheduler, () => rng.int(10) < lost);
  const { options, clock } = onceWorld();
  let effects = 0;
  const twin = (front: IdempotencyStore) =>
    idempotent({
      ...options,
      store: front,
      effect: async () => {
        effects += 1;
        const result = `effect ${effects}`;
        await scheduler.schedule(Promise.resolve(), result);
        if (rng.int(10) < late) clock.advance(20_000);
        return result;
      },
    });
  // Two sandboxes, each with a front of its own.
  const charges = [
    twin(hintedStore(store, recentKeys(1))),
    twin(hintedStore(store, recentKeys(1))),
  ];

  const answers: IdempotentAnswer[] = [];
  const caller = async (index: number): Promise<void> => {
    const charge = charges[index % 2];
    for (let tries = 0; tries < TRIES_MAX && charge !== undefined; tries += 1) {
      try {
        answers.push(await charge({ id: "order", amount: 5 }));
        return;
      } catch (error) {
        if (!isFailure(error) || error.action !== "retry") throw error;
        // A caller that waits long enough meets no live lease.
        if (late > 0 && tries > TRIES_MAX / 2) clock.advance(20_000);
      }
    }
  };
  const callers = Array.from({ length: TWINS }, (_, index) => caller(index));
  await scheduler.waitFor(Promise.all(callers));
  return { answers, effects };
}

const faults = (lost: fc.Arbitrary<number>, late: fc.Arbitrary<number>) =>
  fc.record({ seed: fc.nat(), lost, late });

test("while no lease ends, twins and lost answers give one effect", async () => {
  const inTime = faults(fc.constantFrom(0, 1, 3), fc.constant(0));

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), inTime, async (scheduler, given) => {
      const { answers, effects } = await runTwins(scheduler, given);

      const told = answers.filter(({ kind }) => kind === "ran").length;
      expect(effects).toBeLessThanOrEqual(1);
      expect(told).toBeLessThanOrEqual(effects);
      expect(told).toBeGreaterThanOrEqual(given.lost === 0 ? 1 : 0);
    }),
    { numRuns: 300 },
  );
});

test("whatever is late or lost, at most one run counts, with one result for all", async () => {
  const any = faults(fc.constantFrom(0, 1, 3), fc.constantFrom(0, 3, 6));
  let overtaken = 0;

  await fc.assert(
    fc.asyncProperty(fc.scheduler(), any, async (scheduler, given) => {
      const { answers, effects } = await runTwins(scheduler, given);

      if (effects > 1) overtaken += 1;
      expect(answers.filter(({ kind }) => kind === "ran").length).toBeLessThanOrEqual(1);
      const results = answers.map((answer) => "result" in answer && answer.result);
      expect(new Set(results).size).toBeLessThanOrEqual(1);
    }),
    { numRuns: 400 },
  );

  expect(overtaken).toBeGreaterThan(0);
});
