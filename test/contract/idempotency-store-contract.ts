/**
 * What every idempotency store must do. An adapter's own test file calls this with a constructor of
 * an empty one.
 */
import { describe, expect, test } from "vitest";
import { type EpochMs, milliseconds } from "#kernel/units";
import type {
  Claim,
  ClaimAnswer,
  ClaimRequest,
  IdempotencyStore,
} from "#messaging/idempotency/index";
import { start } from "../support/consumer-world.ts";

const LEASE_MS = 1_000;
const KEEP_MS = 10_000;

const at = (ms: number): EpochMs => (start + ms) as EpochMs;

const request = (owner: string, over: Partial<ClaimRequest> = {}): ClaimRequest => ({
  key: "charge/order-1",
  owner,
  payloadHash: "hash",
  leaseMs: milliseconds(LEASE_MS),
  keepMs: milliseconds(KEEP_MS),
  ...over,
});

const claimOf = (answer: ClaimAnswer): Claim => {
  if (answer.kind !== "claimed") throw new Error(`expected a claim, got ${answer.kind}`);
  return answer.claim;
};

export function idempotencyStoreContract(
  open: () => IdempotencyStore | Promise<IdempotencyStore>,
): void {
  describe("a key", () => {
    test("is claimed once, and its claim says by whom and until when", async () => {
      const store = await open();

      expect(await store.find("charge/order-1", at(0))).toBeUndefined();
      expect(await store.claim(request("a"), at(0))).toEqual({
        kind: "claimed",
        claim: { key: "charge/order-1", owner: "a", attempt: 1, leaseUntil: at(LEASE_MS) },
        follows: "nothing",
      });
      expect(await store.claim(request("b"), at(LEASE_MS - 1))).toEqual({
        kind: "in-progress",
        leaseUntil: at(LEASE_MS),
      });
    });

    test("of 16 claimants at once exactly one has it, and the others are told", async () => {
      const store = await open();

      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, index) => store.claim(request(`owner-${index}`), at(0))),
      );

      expect(answers.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === "in-progress")).toHaveLength(15);
      expect((await store.find("charge/order-1", at(0)))?.attempt).toBe(1);
    });

    test("of 16 that take over at once exactly one has it", async () => {
      const store = await open();
      await store.claim(request("dead"), at(0));

      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, index) =>
          store.claim(request(`owner-${index}`), at(LEASE_MS)),
        ),
      );

      expect(answers.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
      expect((await store.find("charge/order-1", at(LEASE_MS)))?.attempt).toBe(2);
    });

    test("has nothing to do with another key", async () => {
      const store = await open();
      await store.claim(request("a"), at(0));

      const answer = await store.claim(request("a", { key: "charge/order-2" }), at(0));

      expect(answer).toMatchObject({ kind: "claimed", follows: "nothing" });
    });

    test("may have any characters", async () => {
      const store = await open();
      const keys = ["ключ", "a b", "é\u0000\n", "{tag}x", "*", "k".repeat(1_024)];

      for (const key of keys) {
        const claim = claimOf(await store.claim(request("a", { key }), at(0)));
        expect(await store.complete(claim, key, at(1))).toBe("completed");
        expect(await store.claim(request("b", { key }), at(2))).toMatchObject({ result: key });
      }
    });

    test.for<Partial<ClaimRequest>>([
      { key: "" },
      { key: " \t" },
      { key: "k".repeat(1_025) },
      { key: "\ud800" },
      { owner: "" },
      { payloadHash: "" },
      { leaseMs: milliseconds(0) },
      { leaseMs: milliseconds(1.5) },
      { keepMs: milliseconds(LEASE_MS - 1) },
      { rank: -1 },
      { rank: 0.5 },
      { rank: Number.MAX_SAFE_INTEGER + 1 },
    ])("is refused out of bounds: %o", async (wrong) => {
      const store = await open();

      const claim = store.claim(request("a", wrong), at(0));

      await expect(claim).rejects.toMatchObject({ code: "invalid-request", action: "reject" });
    });

    test("stands for one payload, however its run ends", async () => {
      const store = await open();
      const other = request("b", { payloadHash: "other" });
      const mismatch = { kind: "mismatch" };

      const first = claimOf(await store.claim(request("a"), at(0)));
      expect(await store.claim(other, at(1))).toEqual(mismatch);
      expect(await store.claim(other, at(LEASE_MS))).toEqual(mismatch);
      await store.release(first);
      expect(await store.claim(other, at(2))).toEqual(mismatch);
      const second = claimOf(await store.claim(request("a2"), at(3)));
      await store.complete(second, "done", at(4));
      expect(await store.claim(other, at(5))).toEqual(mismatch);

      const record = await store.find("charge/order-1", at(5));
      expect(record).toMatchObject({ payloadHash: "hash", done: { result: "done" } });
    });

    test("is free when it has expired, also for another payload, and attempts go on", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));
      await store.complete(claim, "old", at(1));

      expect(await store.claim(request("b"), at(KEEP_MS - 1))).toMatchObject({ result: "old" });
      expect(await store.find("charge/order-1", at(KEEP_MS))).toBeUndefined();
      const other = request("c", { payloadHash: "other" });
      const answer = await store.claim(other, at(KEEP_MS));

      expect(answer).toMatchObject({ kind: "claimed", claim: { attempt: 2 }, follows: "expired" });
      expect(await store.claim(request("d", { payloadHash: "other" }), at(KEEP_MS))).toMatchObject({
        kind: "in-progress",
      });
      expect(await store.find("charge/order-1", at(KEEP_MS))).not.toHaveProperty("done");
    });
  });

  describe("a result", () => {
    const results: readonly (readonly [string, string | Uint8Array])[] = [
      ["empty text", ""],
      ["text of many scripts", 'ä 漢字 👩🏽‍🚀 \u0000\u2028\ufeff"\\'],
      ["JSON with its spaces", '{ "b":1,\n  "a": 1.0 }'],
      ["a number as text", "0123"],
      ["no bytes", new Uint8Array()],
      ["bytes that are no text", Uint8Array.from([0xff, 0xfe, 0, 0xc3, 0x28])],
      ["all bytes", Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ];

    test.for(results)("comes back exactly: %s", async ([, result]) => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));

      expect(await store.complete(claim, result, at(1))).toBe("completed");

      const answer = await store.claim(request("b"), at(2));
      expect(answer.kind).toBe("completed");
      const found = await store.find("charge/order-1", at(2));
      for (const kept of [answer.kind === "completed" && answer.result, found?.done?.result]) {
        expect(kept instanceof Uint8Array).toBe(result instanceof Uint8Array);
        expect(typeof kept === "object" ? Uint8Array.from(kept as Uint8Array) : kept).toEqual(
          result,
        );
      }
    });

    test("may have as many bytes as the store says, and no more", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a", { key: "k".repeat(1_024) }), at(0)));
      const largest = "é".repeat(store.resultBytesMax / 2);

      const tooLarge = store.complete(claim, `${largest}x`, at(1));
      await expect(tooLarge).rejects.toMatchObject({ code: "payload-too-large", action: "reject" });
      expect(await store.find(claim.key, at(1))).toMatchObject({ status: "in-progress" });

      expect(await store.complete(claim, largest, at(1))).toBe("completed");
      expect((await store.find(claim.key, at(1)))?.done?.result).toBe(largest);
    });

    test("that no store can give back is refused, and nothing is written", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));

      const complete = store.complete(claim, "half \ud83d", at(1));

      await expect(complete).rejects.toMatchObject({ code: "invalid-request", action: "reject" });
      expect(await store.find(claim.key, at(1))).toMatchObject({ status: "in-progress" });
    });

    test("that was not kept leaves its mark and its size", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));

      await store.complete(claim, { omittedBytes: 1_000_000 }, at(1));

      expect(await store.claim(request("b"), at(2))).toEqual({
        kind: "completed",
        result: { omittedBytes: 1_000_000 },
      });
    });
  });

  describe("a zombie", () => {
    /** Its lease ended and another run has the key. */
    const overtaken = async (store: IdempotencyStore) => {
      const zombie = claimOf(await store.claim(request("zombie"), at(0)));
      const answer = await store.claim(request("next"), at(LEASE_MS));
      expect(answer).toMatchObject({ claim: { attempt: 2 }, follows: "abandoned" });
      return { zombie, next: claimOf(answer) };
    };

    test("can neither complete nor release what was taken over", async () => {
      const store = await open();
      const { zombie, next } = await overtaken(store);

      expect(await store.complete(zombie, "late", at(LEASE_MS + 1))).toBe("lost");
      expect(await store.release(zombie)).toBe("lost");

      expect(await store.claim(request("third"), at(LEASE_MS + 1))).toMatchObject({
        kind: "in-progress",
      });
      expect(await store.complete(next, "right", at(LEASE_MS + 2))).toBe("completed");
      expect(await store.complete(zombie, "late", at(LEASE_MS + 3))).toBe("lost");
      expect(await store.release(zombie)).toBe("lost");
      expect(await store.claim(request("third"), at(LEASE_MS + 4))).toMatchObject({
        result: "right",
      });
    });

    test("of the same owner is told apart by its attempt", async () => {
      const store = await open();
      const first = claimOf(await store.claim(request("same"), at(0)));
      const second = claimOf(await store.claim(request("same"), at(LEASE_MS)));

      expect(second.attempt).toBe(2);
      expect(await store.complete(first, "late", at(LEASE_MS + 1))).toBe("lost");
      expect(await store.release(first)).toBe("lost");
      expect(await store.complete(second, "right", at(LEASE_MS + 1))).toBe("completed");
    });

    test("with a later attempt's number but another owner is fenced, too", async () => {
      const store = await open();
      const { zombie, next } = await overtaken(store);

      const forged = { ...zombie, attempt: next.attempt };

      expect(await store.complete(forged, "late", at(LEASE_MS + 1))).toBe("lost");
      expect(await store.release(forged)).toBe("lost");
    });

    test("completes late as long as nobody has taken over, and not after expiry", async () => {
      const store = await open();
      const late = claimOf(await store.claim(request("a"), at(0)));
      expect(await store.complete(late, "late", at(KEEP_MS - 1))).toBe("completed");

      const other = claimOf(await store.claim(request("a", { key: "charge/order-2" }), at(0)));
      expect(await store.complete(other, "too late", at(KEEP_MS))).toBe("lost");
    });

    test("finds nothing to release after it has completed", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));
      await store.complete(claim, "done", at(1));

      expect(await store.release(claim)).toBe("lost");
      expect(await store.claim(request("b"), at(2))).toMatchObject({ result: "done" });
    });
  });

  describe("a released key", () => {
    test("is free at once, with the next attempt", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));

      expect(await store.release(claim)).toBe("released");

      expect(await store.find(claim.key, at(1))).toMatchObject({ status: "released" });
      expect(await store.claim(request("b"), at(1))).toMatchObject({
        claim: { attempt: 2 },
        follows: "released",
      });
      expect(await store.complete(claim, "late", at(2))).toBe("lost");
    });

    test("cannot be completed by who released it", async () => {
      const store = await open();
      const claim = claimOf(await store.claim(request("a"), at(0)));
      await store.release(claim);

      expect(await store.complete(claim, "late", at(1))).toBe("lost");
    });

    test("of nobody is lost", async () => {
      const store = await open();
      const claim = { key: "charge/none", owner: "a", attempt: 1, leaseUntil: at(LEASE_MS) };

      expect(await store.release(claim)).toBe("lost");
      expect(await store.complete(claim, "x", at(0))).toBe("lost");
      expect(await store.find("charge/none", at(0))).toBeUndefined();
    });
  });

  describe("a call that is repeated because its answer was lost", () => {
    test("is answered as the first one was", async () => {
      const store = await open();
      const first = claimOf(await store.claim(request("a"), at(0)));

      expect(await store.claim(request("a"), at(5))).toEqual({
        kind: "claimed",
        claim: first,
        follows: "itself",
      });
      expect(await store.release(first)).toBe("released");
      expect(await store.release(first)).toBe("released");
      const second = claimOf(await store.claim(request("b"), at(6)));
      expect(await store.complete(second, "done", at(7))).toBe("completed");
      expect(await store.complete(second, "done", at(8))).toBe("completed");
    });

    test("does not let another payload in", async () => {
      const store = await open();
      await store.claim(request("a"), at(0));

      const answer = await store.claim(request("a", { payloadHash: "other" }), at(1));

      expect(answer).toEqual({ kind: "mismatch" });
    });
  });

  describe("a rank", () => {
    const ranked = (rank: number, owner = `owner-${rank}`): ClaimRequest =>
      request(owner, { rank, payloadHash: `payload-${rank}` });
    const apply = async (store: IdempotencyStore, rank: number, ms: number) => {
      const claim = claimOf(await store.claim(ranked(rank), at(ms)));
      expect(await store.complete(claim, `result-${rank}`, at(ms))).toBe("completed");
    };

    test("above the completed one is applied, at it is replayed, below it is stale", async () => {
      const store = await open();
      await apply(store, 5, 0);

      expect(await store.claim(ranked(4), at(1))).toEqual({ kind: "stale", rank: 5 });
      expect(await store.claim(ranked(5, "again"), at(1))).toMatchObject({ result: "result-5" });
      expect(await store.claim(ranked(6), at(1))).toMatchObject({
        kind: "claimed",
        claim: { attempt: 2 },
        follows: "older",
      });
    });

    test("0 is one", async () => {
      const store = await open();
      await apply(store, 0, 0);

      expect(await store.claim(ranked(0, "again"), at(1))).toMatchObject({ result: "result-0" });
    });

    test("that comes with another payload is refused", async () => {
      const store = await open();
      const other = { ...ranked(5, "other"), payloadHash: "other" };
      const claim = claimOf(await store.claim(ranked(5), at(0)));

      expect(await store.claim(other, at(1))).toEqual({ kind: "mismatch" });
      await store.complete(claim, "result-5", at(2));
      expect(await store.claim(other, at(3))).toEqual({ kind: "mismatch" });
    });

    test("waits for a lower one that runs, and for a higher one", async () => {
      const store = await open();
      await store.claim(ranked(5), at(0));

      expect(await store.claim(ranked(4), at(1))).toMatchObject({ kind: "in-progress" });
      expect(await store.claim(ranked(6), at(1))).toMatchObject({ kind: "in-progress" });
    });

    test("that is released leaves what was completed below it", async () => {
      const store = await open();
      await apply(store, 5, 0);
      const six = claimOf(await store.claim(ranked(6), at(1)));

      expect(await store.claim(ranked(5, "again"), at(2))).toMatchObject({ result: "result-5" });
      await store.release(six);

      expect(await store.claim(ranked(5, "again"), at(3))).toMatchObject({ result: "result-5" });
      expect(await store.claim(ranked(4), at(3))).toEqual({ kind: "stale", rank: 5 });
      expect(await store.complete(six, "late", at(3))).toBe("lost");
      expect(await store.claim(ranked(7), at(3))).toMatchObject({ follows: "released" });
    });

    test("that is released and had nothing below it lets any in", async () => {
      const store = await open();
      await store.release(claimOf(await store.claim(ranked(6), at(0))));

      expect(await store.claim(ranked(5), at(1))).toMatchObject({ kind: "claimed" });
    });

    test("that was abandoned may have been applied: nothing older follows", async () => {
      const store = await open();
      await store.claim(ranked(6), at(0));

      expect(await store.claim(ranked(5), at(LEASE_MS))).toEqual({ kind: "stale", rank: 6 });
      expect(await store.claim(ranked(6, "again"), at(LEASE_MS))).toMatchObject({
        claim: { attempt: 2 },
        follows: "abandoned",
      });
    });

    test("is kept as long as its own completion is", async () => {
      const store = await open();
      await apply(store, 5, 0);
      const six = claimOf(await store.claim(ranked(6), at(KEEP_MS / 2)));
      await store.release(six);

      const found = await store.find(six.key, at(KEEP_MS));

      expect(found).not.toHaveProperty("done");
      expect(await store.claim(ranked(4), at(KEEP_MS))).toMatchObject({ kind: "claimed" });
    });

    test("and no rank do not share a key", async () => {
      const store = await open();
      await apply(store, 5, 0);

      expect(await store.claim(request("plain"), at(1))).toEqual({ kind: "mismatch" });
      expect(await store.claim(request("plain"), at(KEEP_MS))).toMatchObject({ kind: "claimed" });
      expect(await store.claim(ranked(9), at(KEEP_MS + LEASE_MS))).toEqual({ kind: "mismatch" });
    });
  });
}
