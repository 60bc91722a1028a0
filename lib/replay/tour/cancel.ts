/**
 * An order that its customer cancels while its saga is under way: it is so dear that somebody has
 * to look at it, which makes the moment sure.
 */
import * as judged from "./judged.ts";
import { PIANO } from "./products.ts";
import type { Walk } from "./walk.ts";

const total = judged.totalOf({ product: PIANO, quantity: 1 });

export const cancel: Walk = {
  name: "An order that is cancelled while its saga is under way",
  async go({ api, once, key }, take) {
    const before = await api.stock(PIANO.sku);
    const orderId = await take(
      "order something dear",
      () => api.place(key("cancelled"), { lines: [{ sku: PIANO.sku, quantity: 1 }] }),
      judged.placed,
    );
    await take(
      "its saga waits",
      () =>
        once(
          () => api.order(orderId),
          ({ review }) => review === "pending",
        ),
      (seen) =>
        judged.order(seen, { status: "placed", payment: "pending", review: "pending", total }),
    );
    await take(
      "its unit is held",
      () => api.stock(PIANO.sku),
      (stock) => judged.stock(stock, before, { reserved: 1, sold: 0 }),
    );
    await take(
      "its customer cancels it",
      () => api.cancel(orderId, "found it elsewhere"),
      judged.cancelAsked,
    );
    await take(
      "all is undone",
      () =>
        once(
          () => api.order(orderId),
          ({ status }) => status === "cancelled",
        ),
      (seen) => judged.order(seen, { status: "cancelled", payment: "voided", total }),
    );
    await take(
      "its unit is back",
      () => api.stock(PIANO.sku),
      (stock) => judged.stock(stock, before, { reserved: 0, sold: 0 }),
    );
  },
};
