/**
 * Ends the holds that have come to their end and gives their units back. Whether one is due is
 * decided by the condition of its own write: of an expiry and a commit exactly one happens.
 */
import { METRICS, type MetricName } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import { expiredHold } from "./holds.ts";
import type { DueHolds, StockItems } from "./ports.ts";

/** Of one run: the next one is a minute away. */
const HOLDS_MAX = 1_000;
/** Under way at once: quick enough, harmless for the table. */
const AT_ONCE_MAX = 8;
/** A hold that is found so long after its end tells that nobody has looked for a while. */
const OVERDUE_MS = 600_000;

export type ExpiryAnswer = {
  readonly found: number;
  readonly expired: number;
  /** Found ten minutes after their end, or later. */
  readonly overdue: number;
};

export type ExpiryPorts = {
  readonly items: StockItems;
  readonly holds: DueHolds;
  readonly count: (metric: MetricName, value: number) => void;
};

/**
 * Errors: the first of those that the store threw, after all others were tried; the next run finds
 * what is left.
 */
export async function expireHolds(
  { items, holds, count }: ExpiryPorts,
  now: EpochMs,
): Promise<ExpiryAnswer> {
  const due = await holds.due(now, HOLDS_MAX);
  const errors: unknown[] = [];
  let expired = 0;
  const works = due.map(({ key }) => async () => {
    try {
      if ((await expiredHold(items, key, now)) === "expired") expired += 1;
    } catch (error) {
      errors.push(error);
    }
  });
  await concurrently(works, AT_ONCE_MAX);
  const overdue = due.filter(({ expiresAt }) => expiresAt + OVERDUE_MS <= now).length;
  count(METRICS.holdsExpired, expired);
  count(METRICS.holdsOverdue, overdue);
  if (errors.length > 0) throw errors[0];
  return { found: due.length, expired, overdue };
}
