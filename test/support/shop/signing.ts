/**
 * Webhook signatures made by the specification's text alone, so that the tests do not believe our
 * own code. Source: Standard Webhooks, "Signature scheme".
 */
import { createHmac, randomUUID } from "node:crypto";

/** What a test makes wrong, or repeats. */
export type WebhookChanges = {
  readonly id?: string;
  readonly timestampSeconds?: number;
  readonly signature?: string;
};

export function signing(secret: () => Promise<string>) {
  return async (body: string, changes: WebhookChanges = {}): Promise<Record<string, string>> => {
    const key = Buffer.from((await secret()).replace(/^whsec_/, ""), "base64");
    const id = changes.id ?? `msg_${randomUUID()}`;
    const timestamp = String(changes.timestampSeconds ?? Math.floor(Date.now() / 1000));
    const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    return {
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": changes.signature ?? `v1,${mac}`,
    };
  };
}
