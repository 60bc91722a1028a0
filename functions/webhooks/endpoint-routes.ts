/**
 * Webhook endpoints over HTTP. Only the answers of making one and of rotating its secret hold a
 * secret; they are never kept.
 */
import { entityTag, holdsEntityTag } from "#adapters/http/entity-tag";
import {
  changeEndpointBody,
  createEndpointBody,
  type EndpointView,
  rotateSecretBody,
} from "#contracts/http/webhook-endpoints";
import { callerOf } from "#runtime/caller";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import { requiredIfMatch } from "#runtime/if-match";
import {
  changeEndpoint,
  getEndpoint,
  type IsExpected,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
} from "#services/webhooks/change-endpoint";
import { createEndpoint } from "#services/webhooks/create-endpoint";
import type { EndpointStore, TargetCheck } from "#services/webhooks/ports";

export type EndpointRoutePorts = {
  readonly endpoints: EndpointStore;
  readonly checkUrl: TargetCheck;
  readonly newSecret: () => string;
};

const CREATE = "POST /v1/webhook-endpoints";

export const endpointRoutes = (ports: EndpointRoutePorts): readonly HttpRoute[] => [
  ...createAndRead(ports),
  ...changes(ports),
];

const createAndRead = (ports: EndpointRoutePorts): readonly HttpRoute[] => [
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

const changes = (ports: EndpointRoutePorts): readonly HttpRoute[] => [
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

type Request = HttpRequest<unknown, unknown>;

export const endpointIn = (request: Request) => ({
  ownerId: callerOf(request).id,
  endpointId: request.path["endpointId"] ?? "",
});

const tagged = (view: EndpointView) => ({ etag: entityTag(view) });

function seenBy({ headers }: Request): IsExpected {
  const ifMatch = requiredIfMatch(headers);
  return (view) => holdsEntityTag(ifMatch, entityTag(view));
}
