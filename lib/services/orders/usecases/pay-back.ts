/**
 * Refunds and returns. Their ids follow from who asks and under which key, so a repeated request
 * finds its own.
 */
import type { RefundView, ReturnView } from "#contracts/http/order-changes";
import { Failure } from "#kernel/failure";
import { sha256Crockford26 } from "#kernel/hash";
import type { Decider } from "../domain/events.ts";
import type { Asker } from "./asker.ts";
import { changeOrder, type ChangePorts } from "./change-order.ts";
import type { OrderMoment } from "./decide-order.ts";
import { refundView, returnView } from "./view-life.ts";

type Asked = Decider & {
  readonly orderId: string;
  /** Part of the key's scope: one key may be used once on each route. */
  readonly route: string;
  readonly idempotencyKey: string;
};

/**
 * Throws `Failure`: `not-found`, `order-not-open`, `refund-exceeds-payment`,
 * `idempotency-key-reused` (reject), and those of `changeOrder`.
 */
export async function requestRefund(
  ports: ChangePorts,
  { amount, ...asked }: Asked & { readonly amount: number },
  moment: OrderMoment,
): Promise<RefundView> {
  const { orderId, author, reason } = asked;
  const refundId = idOf(asked);
  const refund = { refundId, amount, cause: "refund", author, reason } as const;
  const command = { type: "request-refund", refund } as const;
  const { life, facts } = await changeOrder(
    ports,
    { orderId, asker: { kind: "staff" }, command },
    moment,
  );
  const found = life.refunds.find((one) => one.refundId === refundId);
  if (found === undefined) throw lost(refundId);
  return refundView(found, facts.currency);
}

/**
 * Throws `Failure`: `not-found`, `return-not-possible`, `idempotency-key-reused` (reject), and
 * those of `changeOrder`.
 */
export async function requestReturn(
  ports: ChangePorts,
  {
    lines,
    asker,
    ...asked
  }: Asked & {
    readonly asker: Asker;
    readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  },
  moment: OrderMoment,
): Promise<ReturnView> {
  const { orderId, author, reason } = asked;
  const returnId = idOf(asked);
  const command = { type: "request-return", wanted: { returnId, lines, author, reason } } as const;
  const { life } = await changeOrder(ports, { orderId, asker, command }, moment);
  const found = life.returns.find((one) => one.returnId === returnId);
  if (found === undefined) throw lost(returnId);
  return returnView(found);
}

const idOf = ({ author, route, orderId, idempotencyKey }: Asked): string =>
  sha256Crockford26(JSON.stringify([author, route, orderId, idempotencyKey]));

const lost = (id: string): Failure =>
  new Failure("unexpected", "reject", `${id} was written and is not there.`);
