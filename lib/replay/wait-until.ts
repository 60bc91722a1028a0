/**
 * Asks again and again until something holds: first when it has usually come to hold, then less and
 * less often, and never for ever. Every look costs the system a request that it was not asked for.
 */
import type { Clock } from "#kernel/clock";
import { later, milliseconds } from "#kernel/units";

export type WaitSettings = {
  /** Shortest wait; also before the first look while nothing is known. */
  readonly firstMs: number;
  /** Each further wait is this many times the one before, up to the cap. */
  readonly factor: number;
  readonly capMs: number;
  readonly limitMs: number;
};

/** How long the same has taken lately. */
export type Pace = {
  usualMs(): number | undefined;
  took(lastingMs: number): void;
};

/** What was seen last; `held` is false when the limit passed first. */
export type Waited<Seen> = { readonly held: boolean; readonly seen: Seen };

/** A moving average that forgets within a few dozen waits. */
export function newPace(): Pace {
  let usual: number | undefined;
  return {
    usualMs: () => usual,
    took(lastingMs) {
      usual = usual === undefined ? lastingMs : usual + NEWEST_WEIGHT * (lastingMs - usual);
    },
  };
}

const NEWEST_WEIGHT = 0.15;

/** A little early, so that the average can fall again; a miss is made good by a short wait. */
const FIRST_LOOK = 0.9;
const NEXT_LOOK = 0.3;

/** Waits once before the first look. */
export async function waitUntil<Seen>(
  ports: { readonly clock: Clock; readonly settings: WaitSettings; readonly pace: Pace },
  look: () => Promise<Seen>,
  holds: (seen: Seen) => boolean,
): Promise<Waited<Seen>> {
  const { clock, settings, pace } = ports;
  const bounded = (waitMs: number) =>
    milliseconds(Math.min(settings.capMs, Math.max(settings.firstMs, waitMs)));
  const startedAt = clock.now();
  const deadline = later(startedAt, milliseconds(settings.limitMs));
  const usualMs = pace.usualMs() ?? 0;
  let wait = bounded(usualMs * FIRST_LOOK);
  let next = bounded(usualMs * NEXT_LOOK);
  for (;;) {
    await clock.sleep(wait);
    const seen = await look();
    if (holds(seen)) {
      pace.took(clock.now() - startedAt);
      return { held: true, seen };
    }
    if (clock.now() >= deadline) return { held: false, seen };
    wait = next;
    next = bounded(next * settings.factor);
  }
}
