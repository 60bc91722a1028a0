/**
 * What a customer is told of an order's event, in its timeline and by webhooks: what happened, and
 * the reasons that were given to him or by him. Who of the shop's people decided, why they did and
 * what broke are in the order's stream, for them.
 */
import type { OrderEventType } from "./order-events.ts";

type Data = Readonly<Record<string, unknown>>;

/** What the shop keeps of an event beside its author; a rejection's reason is told. */
const KEPT: ReadonlyMap<string, readonly string[]> = new Map<OrderEventType, readonly string[]>([
  ["order.review-decided", ["reason"]],
  ["order.repaired", ["reason"]],
  ["order.refund-requested", ["reason"]],
  ["order.return-received", ["reason"]],
  ["order.needs-attention", ["cause"]],
]);

export function toldData(type: string, data: Data): Data {
  const kept = ["author", ...(KEPT.get(type) ?? [])];
  return Object.fromEntries(Object.entries(data).filter(([name]) => !kept.includes(name)));
}
