/**
 * The route of a sender who signs what it reports: the signature covers the bytes as they came, so
 * it is checked before they are parsed, and 202 is answered once the report is durable.
 */
import { WEBHOOK_ACCEPTED, WEBHOOK_BYTES_MAX } from "#contracts/http/webhooks";
import { METRICS } from "#contracts/metrics";
import { type HttpRequest, type HttpRoute, route } from "./http-route.ts";
import type { Telemetry } from "./telemetry.ts";

export type Report<Body> = Pick<
  HttpRequest<Body, unknown>,
  "body" | "now" | "requestId" | "traceparent"
> & {
  /** As the sender gave it, the same on every repetition; "" without one. */
  readonly webhookId: string;
};

/** Its `admit` refuses what the sender did not sign now. */
export type WebhookIntake<Body> = Required<
  Pick<HttpRoute<Body>, "route" | "bodySchema" | "admit">
> & {
  /** Resolves when the report is in the queue. */
  readonly accept: (report: Report<Body>) => Promise<void>;
};

export const webhookIntake = <Body>(
  { accept, ...signed }: WebhookIntake<Body>,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute<Body> =>
  route({
    ...signed,
    bodyBytesMax: WEBHOOK_BYTES_MAX,
    async handle({ headers, body, now, requestId, traceparent }) {
      const webhookId = headers["webhook-id"] ?? "";
      await accept({ webhookId, body, now, requestId, traceparent });
      telemetry.count(METRICS.messagesSent);
      return WEBHOOK_ACCEPTED;
    },
  });
