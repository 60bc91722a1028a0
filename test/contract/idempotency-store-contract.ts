/**
 * What every idempotency store must do. An adapter's own test file calls this with a constructor of
 * an empty one.
 */
import { describe, expect, test } from "vitest";
import { milliseconds } from "#kernel/units";
import type { ClaimRequest, IdempotencyStore } from "#messaging/idempotency/index";
import { at, claimOf, KEEP_MS, LEASE_MS, request } from "../support/idempotency-samples.ts";
import { ranksContract } from "./idempotency-rank-contract.ts";
import { resultsContract } from "./idempotency-result-contract.ts";

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

  resultsContract(open);
  ranksContract(open);
}
