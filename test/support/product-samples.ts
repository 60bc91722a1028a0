/**
 * Products as their changes carry them.
 */
import type { ProductChanged } from "#contracts/events/product-events";
import type { ProductVersion } from "#services/products/search-ports";

export const lamp: ProductChanged = {
  sku: "lamp-1",
  title: "Green desk lamp",
  category: "lighting",
  description: "Warm light for long evenings.",
  images: ["https://images.example/lamp.jpg"],
  currency: "BRL",
  price: 4_990,
  freight: 500,
  attributes: { material: "brass", dimmable: true },
  deleted: false,
  updatedAt: 1_700_000_000_000,
};

const productOf = (changes: Partial<ProductChanged> & { sku: string }): ProductChanged => ({
  ...lamp,
  images: [],
  attributes: {},
  description: "",
  ...changes,
});

export const versionOf = (
  changes: Partial<ProductChanged> & { sku: string },
  version = 1,
): ProductVersion => ({ version, product: productOf(changes) });
