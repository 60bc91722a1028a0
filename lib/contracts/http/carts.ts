/**
 * Requests and answers of carts.
 */
import * as z from "zod";
import { CART_ID } from "../order-words.ts";
import { instantField, orderIdField, quantityField, skuField } from "./fields.ts";

/** Holds an anonymous cart's secret; a token says whose cart it is otherwise. */
export const CART_SECRET_HEADER = "cart-secret";

export const cartIdField = z.string().regex(CART_ID.pattern, CART_ID.says);

/** The version of the cart that the caller has seen; If-Match says it as well. */
export const cartVersionField = z.int().min(1);

const secretField = z.string().min(1).max(128);

/** Whose cart it becomes follows from the caller. */
export const createCartBody = z.strictObject({});

export const addItemBody = z.strictObject({
  sku: skuField,
  quantity: quantityField,
  version: cartVersionField.optional(),
});

/** Removing an item is a route of its own. */
export const setQuantityBody = z.strictObject({
  quantity: quantityField,
  version: cartVersionField.optional(),
});

/** The anonymous cart that is merged into the one of the path. */
export const mergeCartBody = z.strictObject({ cartId: cartIdField, secret: secretField });

/** Minor units. */
const unitPriceView = z.strictObject({
  currency: z.string(),
  unitPrice: z.int(),
  unitFreight: z.int(),
});

const cartItemView = z.strictObject({
  sku: skuField,
  quantity: z.int().min(1),
  /** As the catalogue had it when the item was put in or its quantity set last. */
  price: unitPriceView,
  pricedAt: instantField,
  /** As the catalogue has it now; null where it has no such product. Only where a cart is read. */
  current: unitPriceView.nullable().optional(),
});

export const cartView = z.strictObject({
  cartId: cartIdField,
  version: cartVersionField,
  status: z.enum(["open", "ordered"]),
  orderId: orderIdField.optional(),
  expiresAt: instantField,
  items: z.array(cartItemView),
});

export const createdCart = cartView.extend({
  /** Of an anonymous cart; told once, and only its digest is kept. */
  secret: secretField.optional(),
});

export type CartView = z.infer<typeof cartView>;
export type CartItemView = z.infer<typeof cartItemView>;
export type CreatedCart = z.infer<typeof createdCart>;
