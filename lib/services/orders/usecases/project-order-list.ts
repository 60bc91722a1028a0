/**
 * An order as a list shows it, kept in the head of the consumer that folds its events: state and
 * position are one item.
 */
import type { OrderListItem } from "#contracts/http/orders";
import { Failure } from "#kernel/failure";
import { isoInstant } from "#kernel/units";
import type { FoldHandler } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
import { decodeEvent } from "./order-stream.ts";

/** What `orderListItem` says, and whose list it is in. Null before the order's first event. */
export type ListedOrder = (OrderListItem & { readonly customerId: string }) | null;

/**
 * `evolve` throws `Failure` `malformed-message` (halt) for what is no event of an order, or comes
 * before `order.placed`.
 */
export const orderListProjection: FoldHandler<ListedOrder> = {
  kind: "fold",
  initial: null,
  evolve: (state, message) => listed(state, decodeEvent(message)),
};

function listed(order: ListedOrder, event: OrderEvent): ListedOrder {
  switch (event.type) {
    case "order.placed": {
      const { orderId, customerId, externalReference, placedAt, total, currency } = event.data;
      return {
        orderId,
        customerId,
        ...(externalReference !== undefined && { externalReference }),
        status: "placed",
        placedAt: isoInstant(placedAt),
        total: { amount: total, currency },
      };
    }
    case "order.confirmed":
      return { ...known(order, event), status: "confirmed" };
    case "order.rejected":
      return { ...known(order, event), status: "rejected" };
    case "order.fulfilment-reported":
      return { ...known(order, event), status: event.data.status };
    default:
      return event satisfies never;
  }
}

function known(order: ListedOrder, event: OrderEvent): NonNullable<ListedOrder> {
  if (order !== null) return order;
  throw new Failure("malformed-message", "halt", `${event.type} came before the order was placed`);
}
