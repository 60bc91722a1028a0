/**
 * The simulated payment provider's interface, apart from where its charges are kept and what time
 * it is: the contract tests serve exactly these routes.
 */
import { authoriseBody, providerLookupQuery } from "#contracts/http/provider";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { answering, type AnsweringPorts } from "#services/provider/answering";
import { authoriseCharge, type AuthorisePorts } from "#services/provider/authorise-charge";
import { lookUpCharge } from "#services/provider/look-up-charge";
import { readWebhookSettings } from "#services/provider/webhook-settings";
import { changeRoutes } from "./change-routes.ts";
import { keyOf, refuseOtherKeys } from "./request-headers.ts";
import { type SettlementPorts, settlementRoutes } from "./settlement-routes.ts";

export type ProviderPorts = AuthorisePorts &
  SettlementPorts &
  Pick<AnsweringPorts, "silence"> & { readonly apiKey: () => Promise<string> };

type Headers = Pick<HttpRequest<unknown, unknown>, "headers">;

export function providerRoutes(ports: ProviderPorts): readonly HttpRoute[] {
  const admit = async ({ headers }: Headers) =>
    refuseOtherKeys(headers["authorization"], await ports.apiKey());
  const answers = async () => (await readWebhookSettings(ports.settings)).answers;
  const answeringPorts: AnsweringPorts = { ...ports, answers };
  return [
    route({
      route: "POST /payments",
      bodySchema: authoriseBody,
      admit,
      async handle({ body, headers }) {
        const key = keyOf(headers);
        const charge = await answering(
          answeringPorts,
          { key, operation: "authorise" },
          (settings) => authoriseCharge(ports, key, body, settings),
        );
        return { status: 201, body: charge };
      },
    }),
    route({
      route: "GET /payments",
      querySchema: providerLookupQuery,
      admit,
      handle: async ({ query }) => ({
        status: 200,
        body: await answering(answeringPorts, query, () => lookUpCharge(ports.charges, query.key)),
      }),
    }),
    ...changeRoutes(ports.charges, answeringPorts, admit),
    ...settlementRoutes(ports, admit),
  ];
}
