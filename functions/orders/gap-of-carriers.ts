/**
 * What is done about a carrier's report that is still missing after its deadline.
 */
import { seconds } from "#kernel/units";
import type { RecoveryPolicies } from "#messaging";

/**
 * No store stands behind a carrier: its own repetitions are all that can fill a gap, and they go on
 * for about a day.
 */
export const waitForCarriers = (retrySeconds: string): Partial<RecoveryPolicies> => ({
  gap: {
    severity: "critical",
    recovery: {
      kind: "wait-and-retry",
      deadlineMs: seconds(Number(retrySeconds)),
      triesMax: 24,
    },
  },
});
