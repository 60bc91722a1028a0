/**
 * What placing an order costs in requests to the stores, failed and repeated ones included: counted
 * where they are made, because the number is a promise that metrics and tests watch.
 */
import type { PlaceOrderPorts } from "./place-order.ts";

export type StoreRequest = "read" | "write";

/** The same ports; each request is told before it is made. */
export const countingPorts = (
  { catalogue, store, carts }: PlaceOrderPorts,
  count: (request: StoreRequest) => void,
): PlaceOrderPorts => ({
  catalogue: {
    prices(skus) {
      count("read");
      return catalogue.prices(skus);
    },
  },
  store: {
    read(stream, range) {
      count("read");
      return store.read(stream, range);
    },
    begin(first, beside) {
      count("write");
      return store.begin(first, beside);
    },
  },
  carts: {
    read(cartId) {
      count("read");
      return carts.read(cartId);
    },
  },
});
