/**
 * The route of a sender who signs what it reports: the signature covers the bytes as they came, so
 * it is checked before they are parsed, and 202 is answered once the report is durable.
 */
import { WEBHOOK_BYTES_MAX } from "#contracts/http/webhooks";
import { METRICS } from "#contracts/metrics";
import { type HttpRequest, type HttpRoute, route } from "./http-route.ts";
import type { Telemetry } from "./telemetry.ts";

type Signed = Pick<HttpRequest<undefined, unknown>, "headers" | "rawBody" | "now">;

export type Report<Body> = Pick<
  HttpRequest<Body, unknown>,
  "body" | "now" | "requestId" | "traceparent"
> & {
  /** As the sender gave it, the same on every repetition; "" without one. */
  readonly webhookId: string;
};

export type WebhookIntake<Body> = Required<Pick<HttpRoute<Body>, "route" | "bodySchema">> & {
  /** Answers the webhook's id. Throws `Failure` (reject) for what its sender did not sign now. */
  readonly verify: (webhook: Signed) => Promise<string>;
  /** Resolves when the report is in the queue. */
  readonly accept: (report: Report<Body>) => Promise<void>;
};

export const webhookIntake = <Body>(
  { route: key, bodySchema, verify, accept }: WebhookIntake<Body>,
  telemetry: Pick<Telemetry, "count">,
): HttpRoute<Body> =>
  route({
    route: key,
    bodySchema,
    bodyBytesMax: WEBHOOK_BYTES_MAX,
    async admit({ headers, rawBody, now }) {
      await verify({ headers, rawBody, now });
    },
    async handle({ headers, body, now, requestId, traceparent }) {
      const webhookId = headers["webhook-id"] ?? "";
      await accept({ webhookId, body, now, requestId, traceparent });
      telemetry.count(METRICS.messagesSent);
      return { status: 202, body: { accepted: true } };
    },
  });
