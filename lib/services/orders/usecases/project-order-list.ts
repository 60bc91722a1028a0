/**
 * An order as a list shows it, kept in the head of the consumer that folds its events: state and
 * position are one item.
 */
import type { OrderListItem } from "#contracts/http/orders";
import { Failure } from "#kernel/failure";
import { type EpochMs, isoInstant } from "#kernel/units";
import type { FoldHandler } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
import { beginWatch, type OrderWatchState, watched } from "./watch-state.ts";
import { decodeEvent } from "./order-stream.ts";

/** What `orderListItem` says, and whose list it is in. Null before the order's first event. */
export type ListedOrder =
  | (OrderListItem & { readonly customerId: string; readonly watch?: OrderWatchState })
  | null;

/**
 * `evolve` throws `Failure` `malformed-message` (halt) for what is no event of an order, or comes
 * before `order.placed`.
 */
export const orderListProjection: FoldHandler<ListedOrder> = {
  kind: "fold",
  initial: null,
  evolve: (state, message, { now }) => listed(state, decodeEvent(message), now),
};

function listed(order: ListedOrder, event: OrderEvent, now: EpochMs): ListedOrder {
  if (event.type !== "order.placed") {
    const { watch, ...item } = known(order, event);
    const after = watched(watch, event, now);
    return { ...item, ...statusAfter(event), ...(after !== undefined && { watch: after }) };
  }
  const { orderId, customerId, externalReference, placedAt, total, currency } = event.data;
  return {
    orderId,
    customerId,
    ...(externalReference !== undefined && { externalReference }),
    status: "placed",
    placedAt: isoInstant(placedAt),
    total: { amount: total, currency },
    watch: beginWatch(now),
  };
}

function statusAfter(
  event: Exclude<OrderEvent, { readonly type: "order.placed" }>,
): Partial<Pick<OrderListItem, "status">> {
  if (event.type === "order.fulfilment-reported") return { status: event.data.status };
  const status = ENDS[event.type];
  return status === undefined ? {} : { status };
}

const ENDS: { readonly [Type in OrderEvent["type"]]?: OrderListItem["status"] } = {
  "order.confirmed": "confirmed",
  "order.rejected": "rejected",
  "order.cancelled": "cancelled",
};

function known(order: ListedOrder, event: OrderEvent): NonNullable<ListedOrder> {
  if (order !== null) return order;
  throw new Failure("malformed-message", "halt", `${event.type} came before the order was placed`);
}
