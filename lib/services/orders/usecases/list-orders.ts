/**
 * A customer's own orders, newest first, a page at a time.
 */
import type { OrderListPage } from "#contracts/http/orders";
import type { OrderList, OrderListRequest } from "../ports.ts";

export async function listOrders(
  { list }: { readonly list: OrderList },
  request: OrderListRequest,
): Promise<OrderListPage> {
  const { orders, next } = await list.page(request);
  return { orders: [...orders], ...(next !== undefined && { next }) };
}
