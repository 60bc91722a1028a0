/**
 * What every order list must do. An adapter's own test file calls this with a list and a way to
 * store what the projection has folded.
 */
import { expect, test } from "vitest";
import type { OrderList } from "#services/orders/ports";
import type { ListedOrder } from "#services/orders/usecases/project-order-list";

export type OrderListUnderTest = {
  readonly list: OrderList;
  /** As the projecting consumer does. */
  readonly fold: (orderId: string, state: ListedOrder) => Promise<void>;
};

const orderIdOf = (index: number): string => `${"0".repeat(24)}${index}A`;

const listed = (index: number, customerId: string, placedAt: string) => ({
  orderId: orderIdOf(index),
  customerId,
  externalReference: `external-${index}`,
  status: "confirmed" as const,
  placedAt,
  total: { amount: index, currency: "BRL" },
});

export function orderListContract(
  open: () => OrderListUnderTest | Promise<OrderListUnderTest>,
): void {
  /** Five orders of ann, two of them placed in the same millisecond, and one of bob. */
  async function given(): Promise<OrderList> {
    const { list, fold } = await open();
    const days = ["02", "01", "03", "03", "05"];
    for (const [index, day] of days.entries()) {
      const state = listed(index, "ann", `2018-01-${day}T00:00:00.000Z`);
      await fold(state.orderId, state);
    }
    await fold(orderIdOf(9), listed(9, "bob", "2018-01-04T00:00:00.000Z"));
    return list;
  }

  const newestFirst = [4, 3, 2, 0, 1].map(orderIdOf);

  test("a customer without orders has an empty list", async () => {
    const list = await given();

    expect(await list.page({ customerId: "eve", limit: 10 })).toEqual({
      orders: [],
      next: undefined,
    });
  });

  test("a customer's orders come newest first, and nobody else's with them", async () => {
    const list = await given();

    const page = await list.page({ customerId: "ann", limit: 10 });

    expect(page.orders.map(({ orderId }) => orderId)).toEqual(newestFirst);
    expect(page.next).toBeUndefined();
    expect(page.orders[0]).toEqual({
      orderId: orderIdOf(4),
      externalReference: "external-4",
      status: "confirmed",
      placedAt: "2018-01-05T00:00:00.000Z",
      total: { amount: 4, currency: "BRL" },
    });
  });

  test.each([1, 2, 4, 5])("pages of %s show every order once", async (limit) => {
    const list = await given();
    const seen: string[] = [];

    let after: string | undefined;
    do {
      const request = { customerId: "ann", limit, ...(after !== undefined && { after }) };
      const page = await list.page(request);
      expect(page.orders.length).toBeGreaterThan(0);
      seen.push(...page.orders.map(({ orderId }) => orderId));
      after = page.next;
    } while (after !== undefined && seen.length < 20);

    expect(seen).toEqual(newestFirst);
  });

  test("a list of one status has those alone, page by page, as it is now", async () => {
    const { list, fold } = await open();
    for (const index of [1, 2, 3, 4]) {
      const state = listed(index, "ann", `2018-01-0${index}T00:00:00.000Z`);
      await fold(state.orderId, { ...state, status: index === 2 ? "rejected" : "confirmed" });
    }
    const page = async (status: "confirmed" | "delivered" | "rejected", after?: string) => {
      const place = after === undefined ? {} : { after };
      const found = await list.page({ customerId: "ann", limit: 2, status, ...place });
      return { ids: found.orders.map(({ orderId }) => orderId), next: found.next };
    };

    const first = await page("confirmed");
    const second = await page("confirmed", first.next);
    await fold(orderIdOf(4), {
      ...listed(4, "ann", "2018-01-04T00:00:00.000Z"),
      status: "delivered",
    });

    expect(first.ids).toEqual([orderIdOf(4), orderIdOf(3)]);
    expect(second).toEqual({ ids: [orderIdOf(1)], next: undefined });
    expect((await page("rejected")).ids).toEqual([orderIdOf(2)]);
    expect((await page("delivered")).ids).toEqual([orderIdOf(4)]);
    expect((await page("confirmed")).ids).toEqual([orderIdOf(3), orderIdOf(1)]);
  });

  test("a list from an instant on has what was placed then or later, page by page", async () => {
    const list = await given();
    const page = async (day: string, more: object = {}) => {
      const placedFrom = `2018-01-${day}T00:00:00.000Z`;
      const found = await list.page({ customerId: "ann", limit: 2, placedFrom, ...more });
      return { ids: found.orders.map(({ orderId }) => orderId), next: found.next };
    };

    const first = await page("03");
    const second = await page("03", { after: first.next });

    expect(first.ids).toEqual([orderIdOf(4), orderIdOf(3)]);
    expect(second).toEqual({ ids: [orderIdOf(2)], next: undefined });
    expect((await page("04", { status: "confirmed" })).ids).toEqual([orderIdOf(4)]);
    expect((await page("06")).ids).toEqual([]);
  });

  test("what is folded again is shown as it is now", async () => {
    const { list, fold } = await open();
    const state = listed(1, "ann", "2018-01-01T00:00:00.000Z");
    await fold(state.orderId, state);

    await fold(state.orderId, { ...state, status: "delivered" });

    const { orders } = await list.page({ customerId: "ann", limit: 10 });
    expect(orders).toMatchObject([{ orderId: state.orderId, status: "delivered" }]);
  });

  test("an order whose stream halted before its first event is in no list", async () => {
    const { list, fold } = await open();

    await fold(orderIdOf(1), null);

    expect((await list.page({ customerId: "ann", limit: 10 })).orders).toEqual([]);
  });
}
