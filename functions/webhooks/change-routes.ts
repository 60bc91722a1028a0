/**
 * Changes of a webhook endpoint, each on the condition of the ETag that its owner has read. The
 * answer of rotating holds the new secret, and is never kept.
 */
import { changeEndpointBody, rotateSecretBody } from "#contracts/http/webhook-endpoints";
import { type HttpRoute, route } from "#runtime/http-route";
import { changeEndpoint, removeEndpoint, rotateSecret } from "#services/webhooks/change-endpoint";
import type { EndpointRoutePorts } from "./endpoint-routes.ts";
import { endpointIn, seenBy, tagged } from "./endpoint-request.ts";

export const changeRoutes = (ports: EndpointRoutePorts): readonly HttpRoute[] => [
  route({
    route: "PATCH /v1/webhook-endpoints/{endpointId}",
    bodySchema: changeEndpointBody,
    async handle(request) {
      const named = { ...endpointIn(request), now: request.now };
      const wanted = { change: request.body, isExpected: seenBy(request) };
      const view = await changeEndpoint(ports, named, wanted);
      return { status: 200, headers: tagged(view), body: view };
    },
  }),
  route({
    route: "DELETE /v1/webhook-endpoints/{endpointId}",
    async handle(request) {
      await removeEndpoint(ports, endpointIn(request), seenBy(request));
      return { status: 204 };
    },
  }),
  route({
    route: "POST /v1/webhook-endpoints/{endpointId}/rotate-secret",
    bodySchema: rotateSecretBody,
    async handle(request) {
      const { overlapSeconds } = request.body;
      const rotation = { ...endpointIn(request), now: request.now, overlapSeconds };
      const { view, ...rotated } = await rotateSecret(ports, rotation, seenBy(request));
      return { status: 200, headers: tagged(view), body: rotated };
    },
  }),
];
