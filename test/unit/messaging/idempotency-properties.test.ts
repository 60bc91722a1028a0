// Two claimants and time: whatever their interleaving, one of them has the key, a zombie changes
// nothing, and what was completed stays so until it expires. The model knows only who was given
// the key last, and what was completed.
import { deepStrictEqual as deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { type EpochMs, milliseconds } from "#kernel/units";
import {
  bloomFilter,
  type Claim,
  hintedStore,
  type IdempotencyStore,
  recentKeys,
} from "#messaging/idempotency/index";
import { start } from "../../support/consumer-world.ts";

const LEASE_MS = 10;
const KEEP_MS = 40;

type Model = {
  now: number;
  /** All claims that were ever given, the newest last. */
  readonly given: (Claim & { readonly keptUntil: number })[];
  /** How the newest of them ended. */
  end: "running" | "released" | "completed";
  payload: string | undefined;
  result: string | undefined;
};

type Real = { readonly store: IdempotencyStore; runs: number };
type Step = fc.AsyncCommand<Model, Real>;

const at = (model: Model): EpochMs => model.now as EpochMs;
const newest = (model: Model) => model.given.at(-1);

/** What the key is now, in the plainest words. */
function stateOf(model: Model): "free" | "running" | "abandoned" | "released" | "completed" {
  const last = newest(model);
  if (last === undefined || last.keptUntil <= model.now) return "free";
  if (model.end !== "running") return model.end;
  return last.leaseUntil <= model.now ? "abandoned" : "running";
}

class Wait implements Step {
  readonly #ms: number;
  constructor(ms: number) {
    this.#ms = ms;
  }
  check = () => true;
  async run(model: Model): Promise<void> {
    model.now += this.#ms;
  }
  toString = () => `wait ${this.#ms}`;
}

class ClaimIt implements Step {
  readonly #payloadHash: string;
  constructor(payloadHash: string) {
    this.#payloadHash = payloadHash;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    real.runs += 1;
    const state = stateOf(model);
    const answer = await real.store.claim(
      {
        key: "k",
        owner: `run-${real.runs}`,
        payloadHash: this.#payloadHash,
        leaseMs: milliseconds(LEASE_MS),
        keepMs: milliseconds(KEEP_MS),
      },
      at(model),
    );
    if (state !== "free" && this.#payloadHash !== model.payload) {
      deepEqual(answer, { kind: "mismatch" });
      return;
    }
    if (state === "running") {
      deepEqual(answer, { kind: "in-progress", leaseUntil: newest(model)?.leaseUntil });
    } else if (state === "completed") {
      deepEqual(answer, { kind: "completed", result: model.result });
    } else {
      if (answer.kind !== "claimed") throw new Error(`${state}, but ${answer.kind}`);
      deepEqual(answer.claim.attempt, (newest(model)?.attempt ?? 0) + 1);
      deepEqual(answer.claim.leaseUntil, model.now + LEASE_MS);
      model.given.push({ ...answer.claim, keptUntil: model.now + KEEP_MS });
      model.end = "running";
      model.payload = this.#payloadHash;
      model.result = undefined;
    }
  }
  toString = () => `claim for ${this.#payloadHash}`;
}

/** By one of those who were ever given the key: the newest, or a zombie. */
class EndIt implements Step {
  readonly #how: "complete" | "release";
  readonly #back: number;
  constructor(how: "complete" | "release", back: number) {
    this.#how = how;
    this.#back = back;
  }
  check = (model: Readonly<Model>) => model.given.length > this.#back;
  async run(model: Model, { store, runs }: Real): Promise<void> {
    const claim = model.given.at(-1 - this.#back);
    if (claim === undefined) return;
    const isNewest = this.#back === 0;
    if (this.#how === "release") {
      const mayRelease = isNewest && model.end !== "completed";
      deepEqual(await store.release(claim), mayRelease ? "released" : "lost");
      if (mayRelease) model.end = "released";
      return;
    }
    const result = `result ${runs} of ${claim.owner}`;
    const isKept = claim.keptUntil > model.now;
    const isFirst = isNewest && model.end === "running" && isKept;
    const isRepeated = isNewest && model.end === "completed" && isKept;
    const answer = await store.complete(claim, result, at(model));
    deepEqual(answer, isFirst || isRepeated ? "completed" : "lost");
    if (!isFirst) return;
    model.end = "completed";
    model.result = result;
  }
  toString = () => `${this.#how} by ${this.#back === 0 ? "the newest" : `zombie ${this.#back}`}`;
}

class Look implements Step {
  check = () => true;
  async run(model: Model, { store }: Real): Promise<void> {
    const found = await store.find("k", at(model));
    const state = stateOf(model);
    deepEqual(found?.attempt, state === "free" ? undefined : newest(model)?.attempt);
    deepEqual(found?.done?.result, state === "completed" ? model.result : undefined);
  }
  toString = () => "look";
}

const fresh = (): Model => ({
  now: start,
  given: [],
  end: "running",
  payload: undefined,
  result: undefined,
});

const commands = fc.commands(
  [
    fc.constantFrom(1, LEASE_MS - 1, LEASE_MS, KEEP_MS).map((ms) => new Wait(ms)),
    fc.constantFrom("same", "same", "same", "other").map((hash) => new ClaimIt(hash)),
    fc
      .tuple(fc.constantFrom("complete" as const, "release" as const), fc.nat(2))
      .map(([how, back]) => new EndIt(how, back)),
    fc.constant(new Look()),
  ],
  { maxCommands: 40 },
);

describe.for<[string, () => IdempotencyStore]>([
  ["a store", () => memoryIdempotencyStore()],
  ["recent keys", () => hintedStore(memoryIdempotencyStore(), recentKeys(1))],
  [
    "a full Bloom filter",
    () => hintedStore(memoryIdempotencyStore(), bloomFilter({ keys: 1, errorRate: 0.5 })),
  ],
  [
    "a poisoned front",
    () => hintedStore(memoryIdempotencyStore(), { has: () => true, add: () => {} }),
  ],
])("over %s", ([, open]) => {
  test("any interleaving of claimants and time is as the model has it", async () => {
    const property = fc.asyncProperty(commands, async (steps) => {
      const setup = () => ({ model: fresh(), real: { store: open(), runs: 0 } });
      await fc.asyncModelRun(setup, steps);
    });

    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined();
  });
});
