/**
 * How long a consumer waits, as its stage says: the library checks that the numbers are some.
 */
import type { EnvKey } from "#contracts/env";
import { seconds } from "#kernel/units";
import type { ConsumerSettings } from "#messaging/consumer/consumer-settings";

type Told = Readonly<
  Record<Extract<EnvKey, "GAP_DEADLINE_SECONDS" | "RETRY_DELAY_SECONDS">, string>
>;

export const consumerTiming = (
  told: Told,
): Pick<ConsumerSettings, "gapDeadlineMs" | "retryDelayMs"> => ({
  gapDeadlineMs: seconds(Number(told.GAP_DEADLINE_SECONDS)),
  retryDelayMs: seconds(Number(told.RETRY_DELAY_SECONDS)),
});
