/**
 * The log of deliveries over HTTP, a test and a replay. Cursors are sealed for the caller and the
 * endpoint.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { listDeliveriesQuery } from "#contracts/http/webhook-endpoints";
import { type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import {
  listDeliveries,
  type LogPorts,
  replayDelivery,
  testEndpoint,
} from "#services/webhooks/delivery-log";
import { endpointIn } from "./endpoint-request.ts";

const LIST = "GET /v1/webhook-endpoints/{endpointId}/deliveries";

export const deliveryRoutes = ({
  cursors,
  ...ports
}: LogPorts & { readonly cursors: SignedCursors }): readonly HttpRoute[] => [
  route({
    route: LIST,
    querySchema: listDeliveriesQuery,
    async handle(request) {
      const { query } = request;
      const named = endpointIn(request);
      const paging = { cursors, binding: { route: LIST, ...named }, query };
      const wanted = { ...named, now: request.now, limit: query.limit, ...(await startOf(paging)) };
      const page = await listDeliveries(ports, wanted);
      const { headers, ...next } = await nextPage(paging, page.next);
      return { status: 200, body: { deliveries: page.deliveries, ...next }, headers };
    },
  }),
  route({
    route: "POST /v1/webhook-endpoints/{endpointId}/test",
    handle: async (request) => ({
      status: 202,
      body: await testEndpoint(ports, {
        ...endpointIn(request),
        now: request.now,
        requestKey: idempotencyKey(request.headers),
      }),
    }),
  }),
  route({
    route: "POST /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/replay",
    handle: async (request) => ({
      status: 202,
      body: await replayDelivery(ports, {
        ...endpointIn(request),
        now: request.now,
        deliveryId: request.path["deliveryId"] ?? "",
      }),
    }),
  }),
];
