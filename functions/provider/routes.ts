/**
 * The simulated payment provider's interface, apart from where its charges are kept and what time
 * it is: the contract tests serve exactly these routes.
 */
import { authoriseBody, providerLookupQuery, refundBody } from "#contracts/http/provider";
import { type HttpRequest, type HttpRoute, route } from "#runtime/http-route";
import { authoriseCharge, type AuthorisePorts } from "#services/provider/authorise-charge";
import { lookUpCharge } from "#services/provider/look-up-charge";
import { type ChargeMove, moveCharge } from "#services/provider/move-charge";
import { refundCharge } from "#services/provider/refund-charge";
import { keyOf, refuseOtherKeys } from "./request-headers.ts";

export type ProviderPorts = AuthorisePorts & { readonly apiKey: () => Promise<string> };

type Headers = Pick<HttpRequest<unknown, unknown>, "headers">;

export function providerRoutes(ports: ProviderPorts): readonly HttpRoute[] {
  const admit = async ({ headers }: Headers) =>
    refuseOtherKeys(headers["authorization"], await ports.apiKey());
  const move = (move: ChargeMove) =>
    route({
      route: `POST /payments/{paymentId}/${move}`,
      admit,
      handle: async ({ path, headers }) => ({
        status: 200,
        body: await moveCharge(ports.charges, move, path["paymentId"] ?? "", keyOf(headers)),
      }),
    });

  return [
    route({
      route: "POST /payments",
      bodySchema: authoriseBody,
      admit,
      handle: async ({ body, headers }) => ({
        status: 201,
        body: await authoriseCharge(ports, keyOf(headers), body),
      }),
    }),
    route({
      route: "GET /payments",
      querySchema: providerLookupQuery,
      admit,
      handle: async ({ query }) => ({
        status: 200,
        body: await lookUpCharge(ports.charges, query.key),
      }),
    }),
    move("capture"),
    move("void"),
    route({
      route: "POST /payments/{paymentId}/refunds",
      bodySchema: refundBody,
      admit,
      handle: async ({ path, body, headers }) => ({
        status: 201,
        body: await refundCharge(ports.charges, {
          paymentId: path["paymentId"] ?? "",
          amount: body.amount,
          key: keyOf(headers),
        }),
      }),
    }),
  ];
}
