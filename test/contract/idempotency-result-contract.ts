/**
 * What every idempotency store does with results: they come back exactly, or are refused before
 * anything is written. Part of the store's contract.
 */
import { describe, expect, test } from "vitest";
import type { IdempotencyStore } from "#messaging/idempotency/index";
import { at, claimOf, request } from "../support/idempotency-samples.ts";

export function resultsContract(open: () => IdempotencyStore | Promise<IdempotencyStore>): void {
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
}
