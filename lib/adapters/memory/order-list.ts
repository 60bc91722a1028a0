/**
 * A customer's orders of a test, from the heads of the consumer that folds them.
 */
import { orderListItem, type OrderListItem } from "#contracts/http/orders";
import { isJsonObject } from "#kernel/json";
import type { Head } from "#messaging";
import type { OrderList } from "#services/orders/ports";

/** @param heads all of them as they are now */
export const memoryOrderList = (heads: () => Iterable<Head>): OrderList => ({
  async page({ customerId, limit, after, status, placedFrom = "" }) {
    const rest = [...heads()]
      .flatMap((head) => listed(head, customerId))
      .filter((item) => status === undefined || item.status === status)
      .filter(({ placedAt }) => placedAt >= placedFrom)
      .sort((a, b) => (positionOf(a) < positionOf(b) ? 1 : -1))
      .filter((item) => after === undefined || positionOf(item) < after);
    const orders = rest.slice(0, limit);
    const last = orders.at(-1);
    const more = rest.length > limit && last !== undefined;
    return { orders, next: more ? positionOf(last) : undefined };
  },
});

const positionOf = ({ placedAt, orderId }: OrderListItem): string => `${placedAt}#${orderId}`;

function listed({ state = null }: Head, customerId: string): OrderListItem[] {
  if (!isJsonObject(state) || state["customerId"] !== customerId) return [];
  const { customerId: _owner, ...item } = state;
  return [orderListItem.parse(item)];
}
