/**
 * A shop in memory as the tour meets it: carts, orders that get on at every look, a provider that
 * can be used behind its back.
 */
import type { CartView } from "#contracts/http/carts";
import type { OrderView, PlaceOrderBody } from "#contracts/http/orders";
import { ORDER_REVIEW } from "#contracts/saga";
import { isoInstant } from "#kernel/units";
import { CHAIR, TOUR_LEVELS, TOUR_PRODUCTS } from "#replay/tour/products";
import type { TourPorts } from "#replay/tour/walk";
import { priceView } from "#services/orders/usecases/view-order";
import { untouched } from "./imitation-orders.ts";
import { day } from "./replay-samples.ts";

type TourApi = TourPorts["api"];
type Order = { view: OrderView; isCaptured: boolean; next: (() => void)[] };
type Item = { readonly sku: string; readonly quantity: number };

/** @param spoiled what this shop does wrongly, over the right one */
export function imitationTour(
  spoiled: (right: TourApi) => Partial<TourApi> = () => ({}),
): Pick<TourPorts, "api" | "provider"> {
  const shop = new ImitationTour();
  const api = { ...visitor(shop), ...customer(shop), ...staff(shop) };
  const provider: TourPorts["provider"] = {
    lookup: async (key) => ({ paymentId: key.replace(":", "-"), status: "authorised" }),
    async capture(paymentId) {
      shop.order(paymentId.split("-", 1)[0] ?? "").isCaptured = true;
      return { paymentId, status: "captured" };
    },
  };
  return { api: { ...api, ...spoiled(api) }, provider };
}

class ImitationTour {
  readonly orders = new Map<string, Order>();
  readonly #carts = new Map<string, CartView>();
  readonly #units = new Map<string, { reserved: number; sold: number }>();

  order(orderId: string): Order {
    const order = this.orders.get(orderId);
    if (order === undefined) throw new RangeError(`no order ${orderId}`);
    return order;
  }

  newCart(): CartView {
    const cartId = `CART${this.#carts.size}`;
    const cart: CartView = { cartId, version: 1, status: "open", expiresAt: AT, items: [] };
    this.#carts.set(cartId, cart);
    return cart;
  }

  itemsOf = (cartId: string): CartView["items"] => this.#carts.get(cartId)?.items ?? [];

  fill(cartId: string, items: CartView["items"]): CartView {
    const cart = this.#carts.get(cartId) ?? this.newCart();
    const next = { ...cart, version: cart.version + 1, items };
    this.#carts.set(cartId, next);
    return next;
  }

  place(body: PlaceOrderBody): string {
    const orderId = `ORDER${this.orders.size}`;
    const items = body.lines ?? this.itemsOf(body.cartId ?? "");
    const order: Order = { view: placedOrder(orderId, items), isCaptured: false, next: [] };
    for (const { sku, quantity } of items) this.move(sku, { reserved: quantity, sold: 0 });
    const isDear = order.view.total.amount > ORDER_REVIEW.aboveAmount;
    order.next.push(() => {
      if (isDear) order.view.review = "pending";
      else Object.assign(order.view, structuredClone(CONFIRMED));
    });
    this.orders.set(orderId, order);
    return orderId;
  }

  /** The next look sees what becomes of it. */
  look(orderId: string): OrderView {
    const order = this.order(orderId);
    const seen = structuredClone(order.view);
    order.next.shift()?.();
    return seen;
  }

  stock(sku: string) {
    const { reserved, sold } = this.#units.get(sku) ?? { reserved: 0, sold: 0 };
    const onHand = (new Map(TOUR_LEVELS).get(sku) ?? 0) - sold;
    return { sku, onHand, reserved, available: onHand - reserved, sold };
  }

  move(sku: string, by: { readonly reserved: number; readonly sold: number }): void {
    const { reserved, sold } = this.#units.get(sku) ?? { reserved: 0, sold: 0 };
    this.#units.set(sku, { reserved: reserved + by.reserved, sold: sold + by.sold });
  }

  undo({ view }: Order): void {
    for (const { sku, quantity } of view.lines) this.move(sku, { reserved: -quantity, sold: 0 });
    view.status = "cancelled";
  }
}

type Visitor = "search" | "newCart" | "addTo" | "report";

const visitor = (shop: ImitationTour): Pick<TourApi, Visitor> => ({
  search: async () => ({
    total: 1,
    products: [{ sku: CHAIR.sku, title: CHAIR.title, price: brl(CHAIR.price) }],
    facets: { categories: [], priceBands: [] },
  }),
  newCart: async () => ({ ...shop.newCart(), secret: "secret" }),
  addTo: async ({ cartId }, _key, item) =>
    shop.fill(cartId, [{ ...item, price: PRICE, pricedAt: AT }]),
  async report(_id, { orderId, sequence }) {
    if (sequence !== 1) return;
    const { view } = shop.order(orderId);
    view.status = "delivered";
    view.shipment.status = "delivered";
    for (const { sku, quantity } of view.lines) {
      shop.move(sku, { reserved: -quantity, sold: quantity });
    }
  },
});

type Customer = "ownCart" | "merge" | "place" | "order" | "stock" | "cancel";

const customer = (shop: ImitationTour): Pick<TourApi, Customer> => ({
  ownCart: async () => shop.newCart(),
  merge: async (into, { cartId }) => shop.fill(into, shop.itemsOf(cartId)),
  place: async (_key, body) => shop.place(body),
  order: async (orderId) => shop.look(orderId),
  stock: async (sku) => shop.stock(sku),
  async cancel(orderId) {
    const order = shop.order(orderId);
    order.next.push(() => {
      if (order.isCaptured) {
        order.view.needsAttention = true;
        return;
      }
      shop.undo(order);
      order.view.payment = { status: "voided" };
    });
    const links = { self: "", events: "" };
    return { orderId, status: order.view.status, cancelRequested: true, links };
  },
});

const staff = (shop: ImitationTour): Pick<TourApi, "refund" | "stuck" | "saga" | "resolve"> => ({
  async refund(orderId, _key, { amount }) {
    const order = shop.order(orderId);
    order.next.push(() => payBack(order, amount, "partially-refunded"));
    return { refundId: "R1", amount: brl(amount), cause: "refund", status: "pending" };
  },
  stuck: async () => ({
    sagas: [...shop.orders]
      .filter(([, { view }]) => view.needsAttention)
      .map(([orderId]) => ({ orderId, since: AT })),
  }),
  saga: async (orderId) => ({
    ...sagaOf(orderId),
    attention: [{ run: 0, kind: "failed", cause: "Void: Refused captured" }],
  }),
  async resolve(orderId) {
    const order = shop.order(orderId);
    order.view.needsAttention = false;
    order.next.push(() => {
      payBack(order, order.view.total.amount, "refunded");
      shop.undo(order);
    });
    return { ...sagaOf(orderId), underWay: [`${orderId}-refund-cancel`] };
  },
});

const AT = isoInstant(day(1));
const PRICE = { currency: "BRL", unitPrice: CHAIR.price, unitFreight: CHAIR.freight };

const brl = (amount: number) => ({ amount, currency: "BRL" });

const CONFIRMED = {
  status: "confirmed",
  payment: { status: "captured", paymentId: "p" },
  shipment: { status: "created" },
} satisfies Partial<OrderView>;

const sagaOf = (orderId: string) => ({
  orderId,
  status: "placed" as const,
  run: 0,
  underWay: [] as string[],
  attention: [],
  cancelRequested: true,
  links: { order: "", events: "" },
});

function payBack({ view }: Order, amount: number, status: "partially-refunded" | "refunded") {
  view.payment = { status, paymentId: "p" };
  const cause = status === "refunded" ? "cancel" : "refund";
  view.refunds.push({ refundId: "R", amount: brl(amount), cause, status: "refunded" });
}

function placedOrder(orderId: string, items: readonly Item[]): OrderView {
  const lines = items.map(({ sku, quantity }) => {
    const { price = 0, freight = 0 } = TOUR_PRODUCTS.find((one) => one.sku === sku) ?? {};
    return { sku, quantity, unitPrice: price, unitFreight: freight };
  });
  const amount = lines.reduce(
    (sum, { quantity, unitPrice, unitFreight }) => sum + quantity * (unitPrice + unitFreight),
    0,
  );
  return {
    orderId,
    status: "placed",
    placedAt: AT,
    lines,
    total: brl(amount),
    price: priceView({ lines }),
    payment: { status: "pending" },
    ...untouched(),
  };
}
