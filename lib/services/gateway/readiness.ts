/**
 * Whether the shop can work now: whoever asks often, asks what was found a moment ago, and nobody
 * waits for longer than a bound.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type DurationMs, type EpochMs, later } from "#kernel/units";
import type { Probe } from "./ports.ts";

export type ReadinessOptions = {
  readonly probes: readonly Probe[];
  readonly clock: Clock;
  /** What was found is told so long, whether it was good or bad. */
  readonly freshFor: DurationMs;
  /** What has not answered by then has failed. */
  readonly limit: DurationMs;
};

type Found = { readonly until: EpochMs; readonly silent: Promise<readonly string[]> };

/** Errors of the answer: `store-unavailable` (retry), with the names of what does not answer. */
export function readiness(options: ReadinessOptions): () => Promise<void> {
  const { clock, freshFor } = options;
  let found: Found | undefined;
  return async () => {
    const now = clock.now();
    if (found === undefined || found.until <= now) {
      found = { until: later(now, freshFor), silent: silentOf(options) };
    }
    const silent = await found.silent;
    if (silent.length === 0) return;
    throw new Failure("store-unavailable", "retry", `No answer from ${silent.join(", ")}.`);
  };
}

/** The names of the probes that found nothing good; never rejects. */
async function silentOf({ probes, clock, limit }: ReadinessOptions): Promise<readonly string[]> {
  const [over, isAnswered] = [new AbortController(), new AbortController()];
  const tooLate = clock.sleep(limit, isAnswered.signal).then(() => over.abort());
  const looks = probes.map(async (probe) => {
    const isSilent = Promise.race([
      probe.look(over.signal).then(
        () => false,
        () => true,
      ),
      tooLate.then(() => true),
    ]);
    return (await isSilent) ? [probe.name] : [];
  });
  const silent = await Promise.all(looks);
  isAnswered.abort();
  return silent.flat();
}
