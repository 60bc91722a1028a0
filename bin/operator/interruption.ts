/**
 * Ctrl-C for a job that has something to tidy up: the first one lets it end in order, a later one
 * ends it at once.
 */

export type Interruption = {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /**
   * The work's result, or `Interrupted` as soon as a signal comes; the work itself goes on until
   * the process ends.
   */
  orElse<Result>(work: Promise<Result>): Promise<Result>;
};

export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/**
 * One Ctrl-C reaches a script up to three times: from the terminal, from npm, and from the set-up.
 */
const SAME_KEY_MS = 1_000;
/** 128 + SIGINT, as shells do. */
export const INTERRUPTED_EXIT_CODE = 130;

export function interruption(): Interruption {
  const controller = new AbortController();
  let firstAtMs: number | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener("abort", () => reject(new Interrupted("interrupted")));
  });
  // Nobody may be waiting at that moment.
  aborted.catch(() => undefined);
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (firstAtMs === undefined) {
        firstAtMs = performance.now();
        controller.abort();
      } else if (performance.now() - firstAtMs > SAME_KEY_MS) {
        process.exit(INTERRUPTED_EXIT_CODE);
      }
    });
  }
  return {
    signal: controller.signal,
    orElse: (work) => {
      // Its failure after an interruption is of no interest.
      work.catch(() => undefined);
      return Promise.race([work, aborted]);
    },
  };
}
