/**
 * What the simulated provider tells of all payments: the list of everything, and where and how
 * changes are told.
 */
import { type ProviderList, providerListQuery, webhookSettings } from "#contracts/http/provider";
import type { NewId } from "#kernel/ids";
import type { RecordStore } from "#messaging/flow/index";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import type { ChargeStore } from "#services/provider/ports";
import { replaceWebhookSettings } from "#services/provider/webhook-settings";

export type SettlementPorts = {
  readonly charges: ChargeStore;
  /** Where and how changes are told, and how requests are answered. */
  readonly settings: RecordStore;
  readonly newId: NewId;
};

export type Admit = (request: Pick<HttpRequest<unknown, unknown>, "headers">) => Promise<void>;

export const settlementRoutes = (ports: SettlementPorts, admit: Admit): readonly HttpRoute[] => [
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
