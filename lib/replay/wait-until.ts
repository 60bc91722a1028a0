/**
 * Asks again and again until something holds, less and less often, and never for ever.
 */
import type { Clock } from "#kernel/clock";
import { type DurationMs, later, milliseconds } from "#kernel/units";

export type WaitSettings = {
  readonly firstMs: number;
  /** Each wait is this many times the one before, up to the cap. */
  readonly factor: number;
  readonly capMs: number;
  readonly limitMs: number;
};

/** What was seen last; `held` is false when the limit passed first. */
export type Waited<Seen> = { readonly held: boolean; readonly seen: Seen };

/** Waits once before the first look. */
export async function waitUntil<Seen>(
  clock: Clock,
  settings: WaitSettings,
  look: () => Promise<Seen>,
  holds: (seen: Seen) => boolean,
): Promise<Waited<Seen>> {
  const deadline = later(clock.now(), milliseconds(settings.limitMs));
  let wait: DurationMs = milliseconds(settings.firstMs);
  for (;;) {
    await clock.sleep(wait);
    const seen = await look();
    if (holds(seen)) return { held: true, seen };
    if (clock.now() >= deadline) return { held: false, seen };
    wait = milliseconds(Math.min(settings.capMs, wait * settings.factor));
  }
}
