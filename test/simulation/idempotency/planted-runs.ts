/**
 * Wrong ways to run an effect, and wrong fronts before a store: each is a mistake that is made by
 * hand where no library is used.
 */
import { Failure, isFailure } from "#kernel/failure";
import { later, milliseconds } from "#kernel/units";
import type { Claim, IdempotencyStore, KeptResult, SeenKeys } from "#messaging/idempotency/index";
import { type IdempotencyBug, idempotencyBug } from "./bug.ts";
import type { PlantPlace } from "./plant.ts";

const RESULT = "done";

/** The lease is counted from when the answer arrives, however long that took. */
const leaseFromAnswer = (right: IdempotencyStore, { clock }: PlantPlace): IdempotencyStore => ({
  ...right,
  async claim(request, now) {
    const answer = await right.claim(request, now);
    if (answer.kind !== "claimed") return answer;
    const leaseUntil = later(clock.now(), request.leaseMs);
    return { ...answer, claim: { ...answer.claim, leaseUntil } };
  },
});

/** The runner believes in the slack, and the store does not have it. */
const SLACK_MS = 2_000;
const leaseWithoutSlack = (right: IdempotencyStore): IdempotencyStore => ({
  ...right,
  async claim(request, now) {
    const leaseMs = milliseconds(request.leaseMs - SLACK_MS);
    const answer = await right.claim({ ...request, leaseMs }, now);
    if (answer.kind !== "claimed") return answer;
    const leaseUntil = later(answer.claim.leaseUntil, milliseconds(SLACK_MS));
    return { ...answer, claim: { ...answer.claim, leaseUntil } };
  },
});

/** Every claim is completed at once, and again when there is a result. */
const markBeforeEffect = (right: IdempotencyStore, { clock }: PlantPlace): IdempotencyStore => ({
  ...right,
  async claim(request, now) {
    const answer = await right.claim(request, now);
    if (answer.kind === "claimed") await right.complete(answer.claim, RESULT, clock.now());
    return answer;
  },
});

/** Looks, and claims what nobody holds without a condition: two calls. */
const lookThenClaim = (right: IdempotencyStore, { clock }: PlantPlace): IdempotencyStore => ({
  ...right,
  async claim(request, now) {
    const found = await right.find(request.key, now);
    if (found !== undefined) return right.claim(request, now);
    void right.claim(request, now).catch(() => {});
    const { key, owner, leaseMs } = request;
    const claim = { key, owner, attempt: 1, leaseUntil: later(clock.now(), leaseMs) };
    return { kind: "claimed", claim, follows: "nothing" };
  },
});

/** What was claimed here once is done, with the result that came out of it here. */
const lruAnswersClaims = (store: IdempotencyStore): IdempotencyStore => {
  const results = new Map<string, KeptResult>();
  return {
    ...store,
    async claim(request, now) {
      const result = results.get(request.key);
      return result === undefined ? store.claim(request, now) : { kind: "completed", result };
    },
    complete(claim, result, now) {
      results.set(claim.key, result);
      return store.complete(claim, result, now);
    },
  };
};

/** A key that the filter does not know is new, so nobody is asked. */
const bloomNoIsTrusted = (store: IdempotencyStore, seen: SeenKeys): IdempotencyStore => ({
  ...store,
  async claim(request, now) {
    if (seen.has(request.key)) return store.claim(request, now);
    const { key, owner, leaseMs } = request;
    const claim: Claim = { key, owner, attempt: 1, leaseUntil: later(now, leaseMs) };
    return { kind: "claimed", claim, follows: "nothing" };
  },
  async complete(claim) {
    seen.add(claim.key);
    return "completed";
  },
});

/** A key that the filter knows is done, so nobody is asked. */
const bloomYesIsTrusted = (store: IdempotencyStore, seen: SeenKeys): IdempotencyStore => ({
  ...store,
  async claim(request, now) {
    if (seen.has(request.key)) return { kind: "completed", result: RESULT };
    return store.claim(request, now);
  },
  async complete(claim, result, now) {
    seen.add(claim.key);
    return store.complete(claim, result, now);
  },
});

/** What a front remembers hides that the lease it met has ended. */
const frontHidesFence = (store: IdempotencyStore): IdempotencyStore => {
  const claims = new Map<string, Claim>();
  return {
    ...store,
    async claim(request, now) {
      const mine = claims.get(request.key);
      const answer = await store.claim(request, now);
      if (answer.kind === "claimed") claims.set(request.key, answer.claim);
      if (answer.kind !== "in-progress" || mine === undefined) return answer;
      return { kind: "claimed", claim: mine, follows: "itself" };
    },
  };
};

const itFailed = new Failure("unexpected", "retry", "the effect failed");

export const PLANTED_RUNS: readonly IdempotencyBug[] = [
  idempotencyBug("once-lease-from-answer", "a lease is counted from when its answer arrives", {
    store: leaseFromAnswer,
  }),
  idempotencyBug("once-mark-before-effect", "the key is marked as done before the effect", {
    store: markBeforeEffect,
  }),
  idempotencyBug("once-look-then-claim", "a key is read first, then claimed without a condition", {
    store: lookThenClaim,
  }),
  idempotencyBug("once-owner-is-sandbox", "every run in one sandbox has the same owner", {
    options: (right, { process }) => ({ ...right, newId: () => process.name }),
  }),
  idempotencyBug("once-unknown-gives-back", "an effect whose outcome is unknown frees its key", {
    effect: (right) => async (input, run) => {
      try {
        return await right(input, run);
      } catch (error) {
        throw isFailure(error) && error.code === "outcome-unknown" ? itFailed : error;
      }
    },
  }),
  idempotencyBug("once-lease-without-slack", "a lease is as long as the effect, and no longer", {
    store: leaseWithoutSlack,
  }),
  idempotencyBug("once-ever-the-first", "a run is never told that one before it was abandoned", {
    effect: (right) => (input, run) => right(input, { ...run, follows: "nothing" }),
  }),
  idempotencyBug("once-attempt-not-compared", "a fenced effect takes the write of any attempt", {
    takesAttempt: () => true,
  }),
  idempotencyBug("once-shared-key", "works of one kind share a key", {
    options: (right) => ({
      ...right,
      strategy: (request) => ({ ...right.strategy(request), key: "the-key" }),
    }),
  }),
  idempotencyBug("once-delivery-counts", "what changes at each delivery is part of the content", {
    options: (right) => ({
      ...right,
      strategy: (request) => ({
        ...right.strategy(request),
        payloadHash: String(request.input.delivery),
      }),
    }),
  }),
  idempotencyBug("once-lru-answers-claims", "a front answers in the place of the store", {
    front: lruAnswersClaims,
  }),
  idempotencyBug("once-bloom-no-is-trusted", "what a Bloom filter does not know is run unclaimed", {
    front: bloomNoIsTrusted,
  }),
  idempotencyBug("once-bloom-yes-is-trusted", "what a Bloom filter knows is taken for done", {
    front: bloomYesIsTrusted,
  }),
  idempotencyBug("once-front-hides-fence", "a front goes by a claim that it remembers", {
    front: frontHidesFence,
  }),
];
