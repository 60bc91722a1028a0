/**
 * Waits for Ctrl-C or a request to end. One Ctrl-C can reach a script more than once (the terminal,
 * npm and the set-up each pass it on), so repetitions are taken for the same one and leave the
 * script its time to clean up.
 */

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Settles with the first signal; from this call on none of them ends the process by itself. */
export function untilInterrupted(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal));
  });
}
