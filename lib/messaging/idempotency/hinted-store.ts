/**
 * Puts a memory of seen keys in front of a store. Every answer is the store's own, so a memory that
 * is stale, poisoned, full or empty changes what a claim costs and nothing else.
 *
 * | key              | remembered as done | the store is asked                                  |
 * | ---------------- | ------------------ | --------------------------------------------------- |
 * | new              | no                 | one conditional write, as without a front           |
 * | new              | yes (wrongly)      | one read for nothing, then the write                |
 * | done             | no                 | one conditional write, which is refused: it costs   |
 * |                  |                    | as many write units as the record with its result   |
 * | done             | yes                | one consistent read: **that write is saved**        |
 * | in progress      | either             | as for a done key                                   |
 *
 * `complete`, `release` and `find` pass through: the same requests as without a front.
 */
import { type IdempotencyMetrics, noMetrics } from "./idempotency-metrics.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";
import { judge } from "./judge.ts";
import type { SeenKeys } from "./seen-keys.ts";

/**
 * @param seen `recentKeys` where few keys come again soon, `bloomFilter` where many come again
 * late; a front may stand in front of another one.
 */
export function hintedStore(
  store: IdempotencyStore,
  seen: SeenKeys,
  metrics: IdempotencyMetrics = noMetrics,
): IdempotencyStore {
  return {
    resultBytesMax: store.resultBytesMax,

    async claim(request, now) {
      if (seen.has(request.key)) {
        const verdict = judge(await store.find(request.key, now), request, now);
        metrics.count(verdict.kind === "completed" ? "hintsRight" : "hintsWrong");
        if (verdict.kind !== "free") return verdict;
      }
      const answer = await store.claim(request, now);
      if (answer.kind === "completed") seen.add(request.key);
      return answer;
    },

    async complete(claim, result, now) {
      const answer = await store.complete(claim, result, now);
      if (answer === "completed") seen.add(claim.key);
      return answer;
    },

    release: (claim) => store.release(claim),
    find: (key, now) => store.find(key, now),
  };
}
