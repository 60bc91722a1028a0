/**
 * Webhook endpoints over HTTP: made and looked at. Only the answer of making one holds its secret;
 * it is never kept.
 */
import { createEndpointBody } from "#contracts/http/webhook-endpoints";
import { callerOf } from "#runtime/caller";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { getEndpoint, listEndpoints } from "#services/webhooks/change-endpoint";
import { createEndpoint } from "#services/webhooks/create-endpoint";
import type { EndpointStore, TargetCheck } from "#services/webhooks/ports";
import { endpointIn, tagged } from "./endpoint-request.ts";

export type EndpointRoutePorts = {
  readonly endpoints: EndpointStore;
  readonly checkUrl: TargetCheck;
  readonly newSecret: () => string;
};

const CREATE = "POST /v1/webhook-endpoints";

export const endpointRoutes = (ports: EndpointRoutePorts): readonly HttpRoute[] => [
  route({
    route: CREATE,
    bodySchema: createEndpointBody,
    async handle(request) {
      const { secret, ...view } = await createEndpoint(ports, {
        ownerId: callerOf(request).id,
        route: CREATE,
        idempotencyKey: idempotencyKey(request.headers),
        body: request.body,
        now: request.now,
      });
      const location = `/v1/webhook-endpoints/${view.endpointId}`;
      return { status: 201, headers: { location, ...tagged(view) }, body: { ...view, secret } };
    },
  }),
  route({
    route: "GET /v1/webhook-endpoints",
    handle: async (request) => ({
      status: 200,
      body: await listEndpoints(ports, callerOf(request).id),
    }),
  }),
  route({
    route: "GET /v1/webhook-endpoints/{endpointId}",
    async handle(request) {
      const view = await getEndpoint(ports, endpointIn(request));
      return { status: 200, headers: tagged(view), body: view };
    },
  }),
];
