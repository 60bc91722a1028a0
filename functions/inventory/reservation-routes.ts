/**
 * Reservations over HTTP: a client's own, and nobody else's.
 */
import { reservationBody } from "#contracts/http/inventory";
import { callerOf } from "#runtime/caller";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { idempotencyKey } from "#runtime/idempotency-key";
import {
  cancelReservation,
  makeReservation,
  readReservation,
  type Reserving,
} from "#services/inventory/reservations";

const RESERVE = "POST /v1/reservations";

export const reservationRoutes = (ports: Reserving): readonly HttpRoute[] => [
  route({
    route: RESERVE,
    bodySchema: reservationBody,
    async handle(request) {
      const body = await makeReservation(ports, {
        callerId: callerOf(request).id,
        route: RESERVE,
        idempotencyKey: idempotencyKey(request.headers),
        body: request.body,
        now: request.now,
      });
      return { status: 201, body, headers: { location: `/v1/reservations/${body.reservationId}` } };
    },
  }),
  route({
    route: "GET /v1/reservations/{reservationId}",
    handle: async (request) => ({
      status: 200,
      body: await readReservation(ports.items, ownOf(request), request.now),
    }),
  }),
  route({
    route: "DELETE /v1/reservations/{reservationId}",
    async handle(request) {
      await cancelReservation(ports.items, ownOf(request), request.now);
      return { status: 204 };
    },
  }),
];

const ownOf = (request: HttpRequest<unknown, unknown>) => ({
  callerId: callerOf(request).id,
  id: request.path["reservationId"] ?? "",
});
