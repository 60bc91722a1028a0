/**
 * What requests about one endpoint have in common: whose it is, and which state of it the caller
 * has seen.
 */
import { entityTag, holdsEntityTag } from "#adapters/http/entity-tag";
import type { EndpointView } from "#contracts/http/webhook-endpoints";
import { callerOf } from "#runtime/caller";
import type { HttpRequest } from "#runtime/http-route";
import { requiredIfMatch } from "#runtime/if-match";
import type { IsExpected } from "#services/webhooks/change-endpoint";

type Request = HttpRequest<unknown, unknown>;

export const endpointIn = (request: Request) => ({
  ownerId: callerOf(request).id,
  endpointId: request.path["endpointId"] ?? "",
});

export const tagged = (view: EndpointView) => ({ etag: entityTag(view) });

/** Errors: `precondition-required` (reject). */
export function seenBy({ headers }: Request): IsExpected {
  const ifMatch = requiredIfMatch(headers);
  return (view) => holdsEntityTag(ifMatch, entityTag(view));
}
