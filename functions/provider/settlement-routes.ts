/**
 * What comes after a payment at the simulated provider: refunds, the list of everything, and where
 * changes are told.
 */
import {
  type ProviderList,
  providerListQuery,
  refundBody,
  webhookSettings,
} from "#contracts/http/provider";
import type { NewId } from "#kernel/ids";
import type { RecordStore } from "#messaging/flow/index";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { answering, type AnsweringPorts } from "#services/provider/answering";
import type { ChargeStore } from "#services/provider/ports";
import { refundCharge } from "#services/provider/refund-charge";
import { replaceWebhookSettings } from "#services/provider/webhook-settings";
import { keyOf } from "./request-headers.ts";

export type SettlementPorts = {
  readonly charges: ChargeStore;
  /** Where and how changes are told, and how requests are answered. */
  readonly settings: RecordStore;
  readonly newId: NewId;
};

type Admit = (request: Pick<HttpRequest<unknown, unknown>, "headers">) => Promise<void>;

export const settlementRoutes = (
  ports: SettlementPorts,
  answeringPorts: AnsweringPorts,
  admit: Admit,
): readonly HttpRoute[] => [
  route({
    route: "POST /payments/{paymentId}/refunds",
    bodySchema: refundBody,
    admit,
    async handle({ path, body: { amount }, headers }) {
      const key = keyOf(headers);
      const paymentId = path["paymentId"] ?? "";
      const charge = await answering(answeringPorts, { key, operation: "refund" }, () =>
        refundCharge(ports.charges, { paymentId, amount, key }),
      );
      return { status: 201, body: charge };
    },
  }),
  route({
    route: "GET /reports/payments",
    querySchema: providerListQuery,
    admit,
    async handle({ query }) {
      const { charges, ...rest } = await ports.charges.list(query.cursor);
      return { status: 200, body: { payments: [...charges], ...rest } satisfies ProviderList };
    },
  }),
  route({
    route: "PUT /webhook",
    bodySchema: webhookSettings,
    admit,
    async handle({ body }) {
      await replaceWebhookSettings(ports, body);
      return { status: 200, body };
    },
  }),
];
