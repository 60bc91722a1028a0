/**
 * Sends one webhook, signed by Standard Webhooks, to the address that its receiver has registered.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import { requestText } from "./request-text.ts";
import { signWebhook } from "./standard-webhooks.ts";

export type WebhookPostProps = {
  /** Asked for at every webhook, so it may be rotated. */
  readonly secret: () => Promise<string>;
  readonly clock: Pick<Clock, "now">;
  /** Of one request, from connecting to the last byte of the answer. */
  readonly timeout: DurationMs;
};

const ANSWER_BYTES_MAX = 16_384;

/** Errors: `Failure` `outcome-unknown` (retry) for anything but an answer of 2xx. */
export const webhookPost =
  ({ secret, clock, timeout }: WebhookPostProps) =>
  async (
    url: string,
    { id, body }: { readonly id: string; readonly body: string },
  ): Promise<void> => {
    const signature = signWebhook({ id, body, sentAt: clock.now(), secret: await secret() });
    const { status } = await requestText({
      method: "POST",
      url,
      headers: { ...signature, "content-type": "application/json" },
      body,
      timeoutMs: timeout,
      answerBytesMax: ANSWER_BYTES_MAX,
    }).catch((error: unknown) => {
      throw new Failure("outcome-unknown", "retry", `Webhook ${id} had no answer.`, {
        cause: error,
      });
    });
    if (status >= 200 && status < 300) return;
    throw new Failure("outcome-unknown", "retry", `Webhook ${id} was answered ${status}.`);
  };
