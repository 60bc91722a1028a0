/**
 * An endpoint as its owner sees it: never with its secrets.
 */
import type { EndpointView } from "#contracts/http/webhook-endpoints";
import { Failure } from "#kernel/failure";
import { isoInstant } from "#kernel/units";
import type { WebhookEndpoint } from "./domain/endpoint.ts";
import type { EndpointStore, TargetCheck } from "./ports.ts";

export const endpointViewOf = (endpoint: WebhookEndpoint): EndpointView => ({
  endpointId: endpoint.endpointId,
  url: endpoint.url,
  ...(endpoint.description !== undefined && { description: endpoint.description }),
  events: [...endpoint.events],
  status: endpoint.disabled === undefined ? "enabled" : "disabled",
  ...(endpoint.disabled !== undefined && { disabledBecause: endpoint.disabled }),
  version: endpoint.version,
  createdAt: isoInstant(endpoint.createdAt),
  updatedAt: isoInstant(endpoint.updatedAt),
});

export type EndpointNamed = { readonly ownerId: string; readonly endpointId: string };

/** Throws `Failure` `not-found` (reject), for another owner's endpoint too. */
export async function ownEndpoint(
  endpoints: Pick<EndpointStore, "find">,
  { ownerId, endpointId }: EndpointNamed,
): Promise<WebhookEndpoint> {
  const found = ENDPOINT_ID.test(endpointId)
    ? await endpoints.find(ownerId, endpointId)
    : undefined;
  if (found !== undefined) return found;
  throw noEndpoint();
}

/** Nothing else is looked for: a key of the store is no place for what a caller makes up. */
const ENDPOINT_ID = /^ep_[0-9A-Z]{26}$/;

export const noEndpoint = (): Failure =>
  new Failure("not-found", "reject", "You have no such webhook endpoint.");

/** Throws `Failure` `target-refused` (reject). */
export function checkTarget(check: TargetCheck, url: string): void {
  const why = check(url);
  if (why === undefined) return;
  throw new Failure("target-refused", "reject", `No webhook is sent there: ${why}.`, {
    details: [{ pointer: "/url", detail: `Give a public https address: ${why}.` }],
  });
}
