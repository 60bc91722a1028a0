/**
 * What a consumer's function is told by its construct, and where its code may say the same: one
 * place decides, and two that disagree are found at the cold start instead of in a quiet sweep.
 */
import { METRIC_NAMESPACE_DEFAULT } from "#contracts/consumer-metrics";
import type { EnvKey } from "#contracts/env";
import { Failure } from "#kernel/failure";
import { seconds } from "#kernel/units";
import type { ClaimCheckStore, ConsumerSettings } from "#messaging";
import { config, configIfSet } from "#runtime/config";

/** The code's word, or else the environment's. Errors: `misconfigured` (reject). */
export function told(key: EnvKey, inCode: string | undefined, option: string): string {
  if (inCode === undefined) return config(key)[key];
  const { [key]: inEnvironment = inCode } = configIfSet(key);
  if (inEnvironment === inCode) return inCode;
  throw disagree(option, inCode, key, inEnvironment);
}

export const metricNamespaceTold = (): string =>
  configIfSet("INORDER_METRIC_NAMESPACE").INORDER_METRIC_NAMESPACE ?? METRIC_NAMESPACE_DEFAULT;

/**
 * Claim checks that nobody redeems would halt their streams one by one. Errors: `misconfigured`
 * (reject) where the construct has a bucket for them and the code no store.
 */
export function requireClaimChecks(store: ClaimCheckStore | undefined): void {
  const { INORDER_CLAIM_CHECK_BUCKET: bucket } = configIfSet("INORDER_CLAIM_CHECK_BUCKET");
  if (store !== undefined || bucket === undefined) return;
  throw new Failure(
    "misconfigured",
    "reject",
    `The construct says that large messages are in ${JSON.stringify(bucket)}, but the code has ` +
      "no `claimChecks`: give the consumer `claimChecks: claimChecks()`.",
  );
}

/**
 * The settings that the construct has checked against the queue, and those of the code.
 *
 * Errors: `misconfigured` (reject) where the code changes what the queue was checked for. Whether
 * a number is one that a consumer takes is asked by the consumer itself.
 */
export function settingsTold(inCode: Partial<ConsumerSettings> = {}): Partial<ConsumerSettings> {
  const fromQueue: Partial<Record<keyof ConsumerSettings, number>> = {};
  for (const [name, [key, unit]] of Object.entries(FROM_QUEUE)) {
    const setting = name as keyof typeof FROM_QUEUE;
    const { [key]: text } = configIfSet(key);
    if (text === undefined) continue;
    const value = unit(Number(text));
    const own = inCode[setting];
    if (own !== undefined && own !== value) {
      throw disagree(`settings.${setting}`, own, key, value);
    }
    fromQueue[setting] = value;
  }
  return { ...(fromQueue as Partial<ConsumerSettings>), ...inCode };
}

const asCount = (count: number): number => count;

const FROM_QUEUE = {
  attemptsMax: ["INORDER_ATTEMPTS_MAX", asCount],
  gapDeadlineMs: ["INORDER_GAP_DEADLINE_SECONDS", seconds],
  retryDelayMs: ["INORDER_RETRY_DELAY_SECONDS", seconds],
} as const;

const disagree = (
  option: string,
  inCode: string | number,
  key: EnvKey,
  inEnvironment: string | number,
): Failure =>
  new Failure(
    "misconfigured",
    "reject",
    `${option} is ${JSON.stringify(inCode)} in the code, but ${JSON.stringify(inEnvironment)} in ` +
      `the environment (${key}), which is what the queue, the sweep and the alarms go by: ` +
      "say it in the construct alone.",
  );
