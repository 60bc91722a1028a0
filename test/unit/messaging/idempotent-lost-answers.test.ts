// An idempotent effect over a store whose answers are lost, late or refused.
import { expect, test } from "vitest";
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { Failure } from "#kernel/failure";
import type { Claim, IdempotencyStore, Run } from "#messaging/idempotency/index";
import { textWith } from "../../support/matching.ts";
import { type Charge, onceWorld } from "../../support/once-world.ts";

const order: Charge = { id: "order-1", amount: 5 };

/** The store, whose calls of one kind first do what is told. */
function disturbed(
  call: "claim" | "complete" | "release",
  fates: ("lost-after" | "lost-before" | "throttled")[],
): IdempotencyStore {
  const store = memoryIdempotencyStore();
  const around = async <Answer>(run: () => Promise<Answer>): Promise<Answer> => {
    const fate = fates.shift();
    if (fate === "throttled") throw new Failure("store-throttled", "retry", "busy");
    if (fate !== "lost-before") {
      const answer = await run();
      if (fate === undefined) return answer;
    }
    throw new Failure("outcome-unknown", "retry", "no answer");
  };
  return {
    ...store,
    claim: (request, now) =>
      call === "claim" ? around(() => store.claim(request, now)) : store.claim(request, now),
    complete: (claim: Claim, result, now) =>
      call === "complete"
        ? around(() => store.complete(claim, result, now))
        : store.complete(claim, result, now),
    release: (claim) =>
      call === "release" ? around(() => store.release(claim)) : store.release(claim),
  };
}

test.for(["lost-after", "lost-before"] as const)(
  "a claim whose answer was %s is made out by asking again",
  async (fate) => {
    const { charge, ran } = onceWorld({ store: disturbed("claim", [fate, fate]) });

    expect(await charge(order)).toMatchObject({ kind: "ran" });
    expect(ran).toHaveLength(1);
  },
);

test("who took over and lost the answer still knows that an effect may stand", async () => {
  const seen: Run["follows"][] = [];
  const store = disturbed("claim", []);
  const dead = onceWorld({ store, effect: () => new Promise<never>(() => {}) });
  void dead.charge(order);
  const fates: "lost-after"[] = ["lost-after"];
  const claim: IdempotencyStore["claim"] = async (request, now) => {
    const answer = await store.claim(request, now);
    if (fates.pop() === undefined) return answer;
    throw new Failure("outcome-unknown", "retry", "no answer");
  };
  const next = onceWorld({
    store: { ...store, claim },
    newId: () => "next",
    effect: async (_, { follows }) => {
      seen.push(follows);
      return "";
    },
  });
  next.clock.advance(15_000);

  await next.charge(order);

  expect(seen).toEqual(["abandoned"]);
});

test("a claim that stays unknown is given up without an effect", async () => {
  const { charge, ran } = onceWorld({
    store: disturbed("claim", ["lost-after", "lost-after", "lost-after"]),
  });

  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-unknown" });
  expect(ran).toEqual([]);
});

test.for(["lost-after", "lost-before", "throttled"] as const)(
  "a completion that is %s is made again: the effect was had",
  async (fate) => {
    const { charge, ran, clock } = onceWorld({ store: disturbed("complete", [fate, fate, fate]) });

    expect(await charge(order)).toMatchObject({ kind: "ran", isKept: true });
    expect(await charge(order)).toMatchObject({ kind: "replayed" });
    expect(ran).toHaveLength(1);
    expect(clock.slept).toEqual([50, 100, 200]);
  },
);

test("a completion that cannot be stored is said: the effect was had", async () => {
  const { charge } = onceWorld({
    store: disturbed("complete", ["throttled", "throttled", "throttled", "throttled"]),
  });

  const failed = charge(order);

  await expect(failed).rejects.toMatchObject({
    code: "outcome-unknown",
    message: textWith("was had, but that could not be stored"),
  });
  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-pending" });
});

test("an effect's own error is told, also when its key cannot be given back", async () => {
  const { charge } = onceWorld({
    store: disturbed("release", ["throttled"]),
    effect: () => Promise.reject(new Error("the card is declined")),
  });

  await expect(charge(order)).rejects.toThrow("the card is declined");
  await expect(charge(order)).rejects.toMatchObject({ code: "outcome-pending" });
});

test("after a claim that took too long the effect is not begun, and the key is free", async () => {
  const store = memoryIdempotencyStore();
  let delayMs = 4_001;
  const world = onceWorld({
    store: {
      ...store,
      async claim(request, now) {
        const answer = await store.claim(request, now);
        world.clock.advance(delayMs);
        return answer;
      },
    },
  });

  await expect(world.charge(order)).rejects.toMatchObject({ action: "retry" });
  expect(world.ran).toEqual([]);
  delayMs = 4_000;
  expect(await world.charge(order)).toMatchObject({ kind: "ran" });
});
