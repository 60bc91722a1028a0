/**
 * Waits for something that another process will do: asks again and again until a deadline, so that
 * a test neither sleeps for a guessed time nor waits for ever.
 */
import { setTimeout as pause } from "node:timers/promises";

export type Patience = {
  /** How long to go on asking, in ms (default 10 s). */
  readonly withinMs?: number;
  /** The pause between two questions, in ms (default 50). */
  readonly everyMs?: number;
};

/**
 * Calls `probe` until it answers with something else than undefined and false, and returns that
 * answer. A probe that throws, as an assertion does, is asked again.
 *
 * @throws Error at the deadline: the last error of the probe as its cause, or what the probe last
 * answered.
 */
export async function eventually<T>(
  probe: () => Promise<T> | T,
  { withinMs = 10_000, everyMs = 50 }: Patience = {},
): Promise<Exclude<T, undefined | false>> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    let refusal: { readonly cause?: unknown; readonly text: string };
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) {
        return answer as Exclude<T, undefined | false>;
      }
      refusal = { text: `the probe answered ${String(answer)}` };
    } catch (error) {
      refusal = { cause: error, text: error instanceof Error ? error.message : String(error) };
    }
    if (performance.now() >= deadlineMs) {
      throw new Error(`Not so within ${withinMs} ms: ${refusal.text}`, { cause: refusal.cause });
    }
    await pause(everyMs);
  }
}
