/**
 * Units as types: a number of milliseconds since the epoch cannot be passed where a duration is
 * meant.
 */

/** Milliseconds since the Unix epoch, UTC. */
export type EpochMs = number & { readonly unit: "epoch-ms" };

/** A length of time in milliseconds; never negative. */
export type DurationMs = number & { readonly unit: "duration-ms" };

/** An amount in the smallest unit of its currency (cents, centavos); an integer. */
export type MinorUnits = number & { readonly unit: "minor-units" };

export const later = (at: EpochMs, by: DurationMs): EpochMs => (at + by) as EpochMs;

export const milliseconds = (count: number): DurationMs => count as DurationMs;

export const seconds = (count: number): DurationMs => (count * 1000) as DurationMs;

/** ISO 8601 in UTC with milliseconds, as every answer and event of ours writes an instant. */
export const isoInstant = (at: EpochMs): string => new Date(at).toISOString();

/** As HTTP writes an instant (RFC 9110 section 5.6.7); whole seconds. */
export const httpDate = (at: EpochMs): string => new Date(at).toUTCString();

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 instant; undefined when the text is not one. */
export function parseInstant(text: string): EpochMs | undefined {
  if (!INSTANT.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : (at as EpochMs);
}
