/**
 * When the simulated provider answers: later than it could, or so late that its client has gone,
 * after it has carried out what was asked. Which keys are met follows from the key alone, so a
 * repetition is met as well and only a look-up tells.
 */
import type { ProviderAnswers } from "#contracts/http/provider";
import type { Clock } from "#kernel/clock";
import { fnv1a } from "#kernel/rng";
import { type DurationMs, milliseconds } from "#kernel/units";

export type AnsweringPorts = {
  readonly answers: () => Promise<ProviderAnswers>;
  readonly clock: Pick<Clock, "sleep">;
  /** Longer than any client waits. */
  readonly silence: DurationMs;
};

export type Operation = keyof ProviderAnswers["silentPercent"];

/** @param operation absent: a look-up, which is always answered. Errors: those of `act`. */
export async function answering<Answer>(
  { answers, clock, silence }: AnsweringPorts,
  { key, operation }: { readonly key: string; readonly operation?: Operation },
  act: (answers: ProviderAnswers) => Promise<Answer>,
): Promise<Answer> {
  const settings = await answers();
  const answer = await act(settings);
  const { latencyMs, silentPercent } = settings;
  const isSilent = operation !== undefined && fnv1a(key) % 100 < silentPercent[operation];
  if (isSilent) await clock.sleep(silence);
  else if (latencyMs > 0) await clock.sleep(milliseconds(latencyMs));
  return answer;
}
