/**
 * A batch whose every item is a piece of work with a key of its own: a batch that comes again goes
 * on where it failed, and what was done before answers with its first result.
 */
import { Failure } from "#kernel/failure";
import { concurrently } from "../consumer/concurrently.ts";
import { failureOf } from "../consumer/handling.ts";
import type { Deadline } from "../consumer/queue-record.ts";
import { idempotent, type IdempotentAnswer, type IdempotentOptions } from "./idempotent.ts";

export type IdempotentBatchOptions<Item> = IdempotentOptions<Item> & {
  /** Items that are worked on at once. Default 1: in the order of the batch. */
  readonly atOnceMax?: number;
  /**
   * `stop` (default): no item is begun after one has failed, so that with `atOnceMax` 1 nothing
   * overtakes it. `go-on`: items have nothing to do with each other.
   */
  readonly afterFailure?: "stop" | "go-on";
};

/** One for each item, in the order of the batch. */
export type ItemAnswer =
  | IdempotentAnswer
  | { readonly kind: "failed"; readonly failure: Failure }
  /** Certainly without effect by this call. */
  | { readonly kind: "not-begun"; readonly why: "earlier-failure" | "deadline" };

/**
 * No item is begun with less than `effectMsMax` left of the invocation. The function resolves when
 * every item has an answer, and does not throw for one.
 *
 * @throws Failure `misconfigured` at once, as `idempotent`.
 */
export function idempotentBatch<Item>(
  options: IdempotentBatchOptions<Item>,
): (items: readonly Item[], deadline: Deadline) => Promise<readonly ItemAnswer[]> {
  const { atOnceMax = 1, afterFailure = "stop", effectMsMax } = options;
  if (!Number.isSafeInteger(atOnceMax) || atOnceMax < 1 || atOnceMax > 1_000) {
    const must = "atOnceMax must be an integer from 1 to 1000";
    throw new Failure("misconfigured", "reject", `${must}; received ${atOnceMax}.`);
  }
  const runItem = idempotent(options);

  return async (items, deadline) => {
    let hasFailed = false;
    const answerTo = async (item: Item): Promise<ItemAnswer> => {
      if (hasFailed && afterFailure === "stop") {
        return { kind: "not-begun", why: "earlier-failure" };
      }
      if (deadline.remainingMs() < effectMsMax) return { kind: "not-begun", why: "deadline" };
      try {
        return await runItem(item);
      } catch (error) {
        hasFailed = true;
        return { kind: "failed", failure: failureOf(error) };
      }
    };
    const answers = new Map<number, ItemAnswer>();
    const works = items.map((item, index) => async () => {
      answers.set(index, await answerTo(item));
    });
    await concurrently(works, atOnceMax);
    return [...answers].toSorted(([a], [b]) => a - b).map(([, answer]) => answer);
  };
}
