/**
 * Ends the waiting of a saga for its review. What was decided is on the order already, and the saga
 * reads it there: a callback that is late, lost or sent twice changes nothing.
 */
import type { ReviewTokens, SagaCallbacks } from "../ports.ts";

export type WakePorts = {
  readonly tokens: Pick<ReviewTokens, "of" | "drop">;
  readonly callbacks: SagaCallbacks;
  /** Told of each callback. Must not throw. */
  readonly tellWoken: (orderId: string, end: "woken" | "gone") => void;
};

/** Throws `Failure` as its ports; then it may simply be repeated. */
export async function wakeReview(
  { tokens, callbacks, tellWoken }: WakePorts,
  orderId: string,
): Promise<void> {
  for (const token of await tokens.of(orderId)) {
    tellWoken(orderId, await callbacks.wake(token));
    await tokens.drop(orderId, token);
  }
}
