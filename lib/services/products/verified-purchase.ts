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

/** What was not paid for in the end, or is given back before it was sent. */
const UNDONE: ReadonlySet<string> = new Set(["order.rejected", "order.cancelled"]);

/**
 * One read of the order's own partition; none without an order. What became of the order is not
 * told, so that nobody learns anything about another's.
 *
 * Errors: `invalid-request` (reject) where the order is not the author's, not paid, undone, or
 * without the product; what the store throws.
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
  const isPaid = events.some(({ type }) => type === "order.confirmed");
  const isUndone = events.some(({ type }) => UNDONE.has(type));
  if (isTheirs && hasIt && isPaid && !isUndone) return;
  throw new Failure("invalid-request", "reject", "The order is no purchase of this product.", {
    details: [
      {
        pointer: "/orderId",
        detail: "Name an order of yours that is paid and has this product, or leave it out.",
      },
    ],
  });
}
