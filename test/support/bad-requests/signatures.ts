/**
 * The signatures of the routes that ask for one, each with its own secret.
 */
import type { Shop } from "../shop.ts";
import { openCloud } from "../shop/cloud.ts";
import { signing } from "../shop/signing.ts";

export function signatures({ environment, outputs }: Shop) {
  const cloud = openCloud(environment, outputs.MetricNamespace);
  const byPath: Readonly<Record<string, ReturnType<typeof signing>>> = {
    "/v1/webhooks/fulfilment": signing(() => cloud.secret(outputs.FulfilmentSecretArn)),
    "/v1/webhooks/payments": signing(() => cloud.secret(outputs.PaymentWebhookSecretArn)),
  };
  return async (path: string, body: string): Promise<Record<string, string>> => {
    const sign = byPath[path];
    if (sign === undefined) throw new Error(`${path}: nobody knows with which secret it is signed`);
    return sign(body);
  };
}
