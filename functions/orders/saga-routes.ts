/**
 * Sagas over HTTP, for operators: those that stand still, one of them, another run of it, or how it
 * has ended.
 */
import { listSagasQuery, resolveSagaBody, retrySagaBody } from "#contracts/http/sagas";
import { callerOf } from "#runtime/caller";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import type { OrderWatch, StepRecords } from "#services/orders/ports";
import type { ChangePorts } from "#services/orders/usecases/change-order";
import {
  resolveSaga,
  retrySaga,
  showSaga,
  statedOutcome,
  stuckSagas,
} from "#services/orders/usecases/repair-sagas";

export type SagaRoutesPorts = ChangePorts & {
  readonly watch: Pick<OrderWatch, "stuck">;
  readonly records: StepRecords;
};

export const sagaRoutes = (ports: SagaRoutesPorts): readonly HttpRoute[] => [
  route({
    route: "GET /v1/admin/sagas",
    querySchema: listSagasQuery,
    handle: async ({ query }) => ({ status: 200, body: await stuckSagas(ports, query.limit) }),
  }),
  route({
    route: "GET /v1/admin/sagas/{orderId}",
    handle: async (request) => ({ status: 200, body: await showSaga(ports, orderOf(request)) }),
  }),
  route({
    route: "POST /v1/admin/sagas/{orderId}/retry",
    bodySchema: retrySagaBody,
    async handle(request) {
      const wanted = { ...request.body, orderId: orderOf(request), author: callerOf(request).id };
      return { status: 202, body: await retrySaga(ports, wanted, momentOf(request)) };
    },
  }),
  route({
    route: "POST /v1/admin/sagas/{orderId}/resolve",
    bodySchema: resolveSagaBody,
    async handle(request) {
      const { reason } = request.body;
      const stated = statedOutcome(request.body);
      const wanted = { orderId: orderOf(request), stated, reason, author: callerOf(request).id };
      return { status: 200, body: await resolveSaga(ports, wanted, momentOf(request)) };
    },
  }),
];

const orderOf = ({ path }: Pick<HttpRequest<unknown, unknown>, "path">): string =>
  path["orderId"] ?? "";

const momentOf = ({
  now,
  traceparent,
}: Pick<HttpRequest<unknown, unknown>, "now" | "traceparent">) => ({ now, traceparent });
