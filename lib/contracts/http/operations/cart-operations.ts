/**
 * What the routes of carts take and answer.
 */
import {
  addItemBody,
  cartView,
  createCartBody,
  createdCart,
  mergeCartBody,
  setQuantityBody,
} from "../carts.ts";
import { document, type Operation } from "./operation.ts";

const cart = document("Cart", cartView);

export const CART_OPERATIONS = {
  "POST /v1/carts": {
    summary: "Create a cart; without a token an anonymous one, whose secret is told once",
    body: document("NewCart", createCartBody),
    takes: ["Idempotency-Key"],
    answer: {
      status: 201,
      body: document("CreatedCart", createdCart),
      headers: ["ETag", "Location"],
    },
  },
  "GET /v1/carts/{cartId}": {
    summary: "Get a cart, with the prices of now",
    takes: ["Cart-Secret"],
    answer: { status: 200, body: cart, headers: ["ETag"] },
  },
  "POST /v1/carts/{cartId}/items": {
    summary: "Put something into a cart",
    body: document("NewCartItem", addItemBody),
    needs: ["Idempotency-Key"],
    takes: ["Cart-Secret", "If-Match"],
    answer: { status: 200, body: cart, headers: ["ETag"] },
  },
  "PATCH /v1/carts/{cartId}/items/{sku}": {
    summary: "Set how many of a SKU are in a cart whose version you have seen",
    body: document("CartQuantity", setQuantityBody),
    takes: ["Cart-Secret", "If-Match"],
    answer: { status: 200, body: cart, headers: ["ETag"] },
  },
  "DELETE /v1/carts/{cartId}/items/{sku}": {
    summary: "Take a SKU out of a cart whose version you have seen",
    takes: ["Cart-Secret", "If-Match"],
    answer: { status: 200, body: cart, headers: ["ETag"] },
  },
  "POST /v1/carts/{cartId}/merge": {
    summary: "Take an anonymous cart into your own",
    body: document("CartMerge", mergeCartBody),
    answer: { status: 200, body: cart, headers: ["ETag"] },
  },
} as const satisfies Readonly<Record<string, Operation>>;
