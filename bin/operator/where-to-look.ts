/**
 * What a person can do with the system that is now up: its addresses, and a first request to
 * paste. The README continues with the same variables.
 */
import type { ReplayRequest, ReplayRun } from "./run-replay.ts";

export function whereToLook(request: ReplayRequest, run: ReplayRun): string {
  const { api, outputs } = request;
  const sku = request.prepared.plan[0]?.lines[0]?.sku ?? "";
  return [
    `API        ${api}`,
    `Dashboard  ${outputs.DashboardName} (CloudWatch)`,
    "",
    "Try it:",
    `  export API=${api}`,
    ...credentials(request, run),
    `  export SKU=${sku}`,
    '  curl -s "$API/v1/products/$SKU"',
    '  curl -s "$API/v1/orders" -H "authorization: Bearer $TOKEN" \\',
    '    -H "content-type: application/json" -H "idempotency-key: my-first-order" \\',
    '    -d "{\\"lines\\":[{\\"sku\\":\\"$SKU\\",\\"quantity\\":1}]}"',
    '  curl -s "$API/v1/orders?limit=2" -H "authorization: Bearer $TOKEN"',
    ...(run.report.totals.halted === 0
      ? []
      : ["", "Halted streams wait for a decision:", "  npm run resolve -- list"]),
  ].join("\n");
}

/** A secret is shown where it opens nothing but this machine's own local cloud. */
function credentials({ target }: ReplayRequest, { client, token }: ReplayRun): readonly string[] {
  const shown = `  export TOKEN=${token}`;
  if (target.stage !== "local") return [shown];
  return [
    `  export CLIENT_ID=${client.clientId}`,
    `  export CLIENT_SECRET=${client.clientSecret}`,
    shown,
  ];
}
