/**
 * What a person can do with the system that is now up: its addresses and a first request.
 */
import type { ReplayRequest, ReplayRun } from "./run-replay.ts";

export function whereToLook(request: ReplayRequest, { report, client, token }: ReplayRun): string {
  const { api, outputs, target } = request;
  const [order] = report.orders;
  const sku = request.prepared.plan[0]?.lines[0]?.sku ?? "";
  const again =
    target.stage === "local"
      ? [
          "",
          "  # a token lasts 15 minutes; another one:",
          `  curl -s ${api}/oauth2/token -d grant_type=client_credentials \\`,
          `    -d client_id=${client.clientId} \\`,
          `    -d client_secret=${client.clientSecret}`,
        ]
      : [];
  return [
    `API        ${api}`,
    `Dashboard  ${outputs.DashboardName} (CloudWatch)`,
    "",
    "Try it:",
    `  export TOKEN=${token}`,
    `  curl -s ${api}/v1/products?limit=2`,
    `  curl -s ${api}/v1/orders/${order?.orderId ?? ""} \\`,
    '    -H "authorization: Bearer $TOKEN"',
    `  curl -s ${api}/v1/orders -H "authorization: Bearer $TOKEN" \\`,
    '    -H "content-type: application/json" -H "idempotency-key: my-first-order" \\',
    `    -d '{"lines":[{"sku":"${sku}","quantity":1}]}'`,
    ...again,
  ].join("\n");
}
