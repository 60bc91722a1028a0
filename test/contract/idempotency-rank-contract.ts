/**
 * What every idempotency store does with ranks: only what is newer is applied. Part of the store's
 * contract.
 */
import { describe, expect, test } from "vitest";
import type { ClaimRequest, IdempotencyStore } from "#messaging/idempotency/index";
import { at, claimOf, KEEP_MS, LEASE_MS, request } from "../support/idempotency-samples.ts";

export function ranksContract(open: () => IdempotencyStore | Promise<IdempotencyStore>): void {
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

    test("claimed by a request that was long under way takes no completion with it", async () => {
      const store = await open();
      await apply(store, 5, 1_000);
      // It was sent before the completion, and so forgets its claim before that is forgotten.
      const six = claimOf(await store.claim(ranked(6), at(0)));
      const between = KEEP_MS + 500;

      expect(await store.claim(ranked(5, "again"), at(between))).toMatchObject({
        result: "result-5",
      });
      expect(await store.claim(ranked(4), at(between))).toEqual({ kind: "stale", rank: 5 });
      expect(await store.complete(six, "late", at(between))).toBe("lost");
      expect(await store.claim(ranked(7), at(between))).toMatchObject({ kind: "claimed" });
    });

    test("completed by such a request is kept as long as what it took the place of", async () => {
      const store = await open();
      await apply(store, 5, 1_000);
      await apply(store, 6, 0);
      const between = KEEP_MS + 500;

      expect(await store.claim(ranked(5, "again"), at(between))).toEqual({
        kind: "stale",
        rank: 6,
      });
      expect(await store.claim(ranked(6, "again"), at(between))).toMatchObject({
        result: "result-6",
      });
      expect(await store.claim(ranked(5, "again"), at(KEEP_MS + 1_000))).toMatchObject({
        kind: "claimed",
        follows: "expired",
      });
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
