/**
 * From looking for something to having it, and a part of its price back: search, cart, order, what
 * its carrier reports, refund.
 */
import type { CartView } from "#contracts/http/carts";
import type { OrderView } from "#contracts/http/orders";
import { isoInstant, later, parseInstant, seconds } from "#kernel/units";
import * as judged from "./judged.ts";
import { CHAIR, TYPED } from "./products.ts";
import type { Take, Walk, WalkPorts } from "./walk.ts";

const QUANTITY = 2;
/** Minor units. */
const PAID_BACK = 10_000;

const wanted = { product: CHAIR, quantity: QUANTITY };
const total = judged.totalOf(wanted);

export const buy: Walk = {
  name: "From a search to a delivered order, and a part of it paid back",
  async go(ports, take) {
    const before = await ports.api.stock(CHAIR.sku);
    const cart = await foundIntoCart(ports, take);
    const orderId = await orderedAndDelivered(ports, take, cart);
    await take(
      "its units have left",
      () =>
        ports.once(
          () => ports.api.stock(CHAIR.sku),
          ({ sold }) => sold >= before.sold + QUANTITY,
        ),
      (stock) => judged.stock(stock, before, { reserved: 0, sold: QUANTITY }),
    );
    await partlyPaidBack(ports, take, orderId);
  },
};

async function foundIntoCart({ api, once, key }: WalkPorts, take: Take): Promise<CartView> {
  await take(
    `search "${TYPED}"`,
    () =>
      once(
        () => api.search(TYPED),
        ({ products }) => products.some(({ sku }) => sku === CHAIR.sku),
      ),
    (answer) => judged.found(answer, CHAIR),
  );
  const anonymous = await take("a cart, by a visitor", () => api.newCart(), judged.openCart);
  const item = { sku: CHAIR.sku, quantity: QUANTITY };
  await take(
    "what was found, put into it",
    () => api.addTo(anonymous, key("item"), item),
    (cart) => judged.filledCart(cart, wanted),
  );
  const own = await take(
    "a cart of a customer's own",
    () => api.ownCart(key("cart")),
    judged.openCart,
  );
  return await take(
    "both are merged",
    () => api.merge(own.cartId, anonymous),
    (cart) => judged.filledCart(cart, wanted),
  );
}

async function orderedAndDelivered(
  ports: WalkPorts,
  take: Take,
  { cartId, version }: CartView,
): Promise<string> {
  const { api, once, key } = ports;
  const orderId = await take(
    "order from the cart",
    () => api.place(key("cart-order"), { cartId, cartVersion: version }),
    judged.placed,
  );
  const when = (status: OrderView["status"]) =>
    once(
      () => api.order(orderId),
      (seen) => seen.status === status,
    );
  const order = await take(
    "its saga ends",
    () => when("confirmed"),
    (seen) =>
      judged.order(seen, { status: "confirmed", payment: "captured", shipment: "created", total }),
  );
  await take(
    "its carrier's reports, swapped",
    async () => {
      await report(ports, order);
      return await when("delivered");
    },
    (seen) =>
      judged.order(seen, {
        status: "delivered",
        payment: "captured",
        shipment: "delivered",
        total,
      }),
  );
  return orderId;
}

async function partlyPaidBack(
  { api, once, key }: WalkPorts,
  take: Take,
  orderId: string,
): Promise<void> {
  const refund = { amount: PAID_BACK, reason: "a scratch on the left arm" };
  await take(
    "a part of its price, by staff",
    () => api.refund(orderId, key("refund"), refund),
    (view) => judged.refundAsked(view, PAID_BACK),
  );
  await take(
    "it is paid back",
    () =>
      once(
        () => api.order(orderId),
        ({ payment }) => payment.status === "partially-refunded",
      ),
    (seen) =>
      judged.order(seen, {
        status: "delivered",
        payment: "partially-refunded",
        refunded: PAID_BACK,
        total,
      }),
  );
}

const HOUR_SECONDS = 3_600;

/** Delivered and handed over, by the carrier's clock after it was ordered. */
async function report({ api }: WalkPorts, { orderId, placedAt }: OrderView): Promise<void> {
  const ordered = parseInstant(placedAt);
  if (ordered === undefined) throw new RangeError(`${placedAt} is no instant`);
  const at = (hours: number): string => isoInstant(later(ordered, seconds(hours * HOUR_SECONDS)));
  const reports = [
    { sequence: 2, type: "delivered", occurredAt: at(48) },
    { sequence: 1, type: "handed-to-carrier", occurredAt: at(2) },
  ] as const;
  for (const one of reports) {
    await api.report(`msg_${orderId}_${one.sequence}`, { orderId, ...one });
  }
}
