/**
 * A saga that cannot end by itself: the provider has taken the money although nobody asked for it,
 * so the payment of an order that is being cancelled cannot be undone. One of the shop's people
 * finds it, says how it is, and everything is paid back.
 */
import type { OrderView } from "#contracts/http/orders";
import * as judged from "./judged.ts";
import { ORGAN } from "./products.ts";
import type { ProvidersPayment, Walk, WalkPorts } from "./walk.ts";

const total = judged.totalOf({ product: ORGAN, quantity: 1 });

export const repair: Walk = {
  name: "A saga that cannot end by itself, repaired",
  async go(ports, take) {
    const { api, once, key } = ports;
    const before = await api.stock(ORGAN.sku);
    const orderId = await take(
      "order something dear",
      () => api.place(key("repaired"), { lines: [{ sku: ORGAN.sku, quantity: 1 }] }),
      judged.placed,
    );
    const look = (holds: (order: OrderView) => boolean) => () =>
      once(() => api.order(orderId), holds);
    await take(
      "its saga waits",
      look(({ review }) => review === "pending"),
      (seen) =>
        judged.order(seen, { status: "placed", payment: "pending", review: "pending", total }),
    );
    const { paymentId } = await take(
      "the provider takes the money",
      () => captured(ports, orderId),
      judged.captured,
    );
    await take(
      "its customer cancels it",
      () => api.cancel(orderId, "changed my mind"),
      judged.cancelAsked,
    );
    await take(
      "its saga ends badly",
      look(({ needsAttention }) => needsAttention),
      (seen) =>
        judged.order(seen, { status: "placed", payment: "pending", needsAttention: true, total }),
    );
    await take(
      "staff list what is stuck",
      () =>
        once(
          () => api.stuck(),
          ({ sagas }) => sagas.some((saga) => saga.orderId === orderId),
        ),
      (list) => judged.listed(list, orderId),
    );
    await take("they look at its cause", () => api.saga(orderId), judged.cause);
    const reason = "the provider has taken the money, see its payment";
    await take(
      "they say how it is",
      () => api.resolve(orderId, { outcome: "confirmed", paymentId, reason }),
      judged.repaired,
    );
    await take(
      "it is cancelled, and paid back",
      look(({ status }) => status === "cancelled"),
      (seen) =>
        judged.order(seen, { status: "cancelled", payment: "refunded", refunded: total, total }),
    );
    await take(
      "its unit is back",
      () => api.stock(ORGAN.sku),
      (stock) => judged.stock(stock, before, { reserved: 0, sold: 0 }),
    );
  },
};

/** What somebody at the provider does by hand. */
async function captured({ provider, key }: WalkPorts, orderId: string): Promise<ProvidersPayment> {
  const payment = await provider.lookup(`${orderId}:authorise`);
  if (payment === undefined) throw new RangeError(`the provider has no payment of ${orderId}`);
  return await provider.capture(payment.paymentId, key("capture-by-hand"));
}
