/**
 * Whether a customer has bought a product: read from the order that he names, at the moment that he
 * names it.
 */
import { orderEventSchemas } from "#contracts/events/order-events";
import { Failure } from "#kernel/failure";
import type { EventStore } from "#messaging";
import type { Author } from "./domain/review.ts";

/** The events of orders; their contract is `contracts/events/order-events.ts`. */
export type Orders = Pick<EventStore, "read">;

/** What is given back before it was in the customer's hands. */
const UNDONE: ReadonlySet<string> = new Set(["order.cancel-requested", "order.cancelled"]);

/**
 * Only what was delivered is a purchase: until then the order may be cancelled and paid back, and
 * the mark would stay. One that is sent back afterwards was used: its mark stays on purpose.
 *
 * One read of the order's own partition; none without an order. What became of the order is not
 * told, so that nobody learns anything about another's.
 *
 * Errors: `invalid-request` (reject) where the order is not the author's, not delivered, being
 * cancelled, or without the product; what the store throws.
 */
export async function requirePurchase(
  orders: Orders,
  { sku, customerId }: Author,
  orderId: string | undefined,
): Promise<void> {
  if (orderId === undefined) return;
  const commits = await orders.read(orderId);
  const events = commits.flatMap((commit) => commit.events);
  const placed = events.find(({ type }) => type === "order.placed");
  const order = orderEventSchemas["order.placed"].safeParse(placed?.data);
  const isTheirs = order.success && order.data.customerId === customerId;
  const hasIt = order.success && order.data.lines.some((line) => line.sku === sku);
  const isUndone = events.some(({ type }) => UNDONE.has(type));
  if (isTheirs && hasIt && events.some(isDelivery) && !isUndone) return;
  throw new Failure("invalid-request", "reject", "The order is no purchase of this product.", {
    details: [
      {
        pointer: "/orderId",
        detail: "Name an order of yours that was delivered with this product, or leave it out.",
      },
    ],
  });
}

function isDelivery({ type, data }: { readonly type: string; readonly data: unknown }): boolean {
  if (type !== "order.fulfilment-reported") return false;
  const reported = orderEventSchemas[type].safeParse(data);
  return reported.success && reported.data.status === "delivered";
}
