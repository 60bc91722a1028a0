/**
 * GET /v1/audit: who decided what about an order, and what its consumers filed. Cursors are sealed
 * for the order and the actor.
 */
import { nextPage, startOf } from "#adapters/http/next-page";
import type { SignedCursors } from "#adapters/http/signed-cursor";
import { auditQuery } from "#contracts/http/audit";
import { type HttpRoute, route } from "#runtime/http-route";
import { orderAudit, type OrderAuditPorts } from "#services/orders/usecases/order-audit";

export type AuditRoutePorts = OrderAuditPorts & { readonly cursors: SignedCursors };

const AUDIT = "GET /v1/audit";

export const auditRoutes = (ports: AuditRoutePorts): readonly HttpRoute[] => [
  route({
    route: AUDIT,
    querySchema: auditQuery,
    async handle({ query }) {
      const { target, actor, limit } = query;
      const binding = { route: AUDIT, target, ...(actor !== undefined && { actor }) };
      const paging = { cursors: ports.cursors, binding, query };
      const asked = { orderId: target, actor, limit, ...(await startOf(paging)) };
      const page = await orderAudit(ports, asked);
      const { headers, ...next } = await nextPage(paging, page.next);
      return { status: 200, body: { entries: page.entries, ...next }, headers };
    },
  }),
];
