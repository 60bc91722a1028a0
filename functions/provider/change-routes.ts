/**
 * What is done about a payment at the simulated provider once it is authorised: it is taken, given
 * up or paid back.
 */
import { refundBody } from "#contracts/http/provider";
import { type HttpRoute, route } from "#runtime/http-route";
import { answering, type AnsweringPorts } from "#services/provider/answering";
import { type ChargeMove, moveCharge } from "#services/provider/move-charge";
import type { ChargeStore } from "#services/provider/ports";
import { refundCharge } from "#services/provider/refund-charge";
import { keyOf } from "./request-headers.ts";
import type { Admit } from "./settlement-routes.ts";

export function changeRoutes(
  charges: ChargeStore,
  ports: AnsweringPorts,
  admit: Admit,
): readonly HttpRoute[] {
  const move = (operation: ChargeMove) =>
    route({
      route: `POST /payments/{paymentId}/${operation}`,
      admit,
      async handle({ path, headers }) {
        const key = keyOf(headers);
        const body = await answering(ports, { key, operation }, () =>
          moveCharge(charges, operation, path["paymentId"] ?? "", key),
        );
        return { status: 200, body };
      },
    });
  return [
    move("capture"),
    move("void"),
    route({
      route: "POST /payments/{paymentId}/refunds",
      bodySchema: refundBody,
      admit,
      async handle({ path, body: { amount }, headers }) {
        const key = keyOf(headers);
        const paymentId = path["paymentId"] ?? "";
        const charge = await answering(ports, { key, operation: "refund" }, () =>
          refundCharge(charges, { paymentId, amount, key }),
        );
        return { status: 201, body: charge };
      },
    }),
  ];
}
