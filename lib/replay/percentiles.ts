/**
 * Percentiles by nearest rank: every answer is a value that was really measured.
 */

export type Percentiles = {
  readonly count: number;
  readonly p50?: number | undefined;
  readonly p99?: number | undefined;
};

/**
 * The smallest value that at least so many per cent of all values do not exceed; values in any
 * order.
 */
export function percentilesOf(values: readonly number[]): Percentiles {
  if (values.length === 0) return { count: 0 };
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number): number =>
    sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50: rounded(at(50)), p99: rounded(at(99)) };
}

/** Microseconds are the limit of what the clocks tell. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000;
