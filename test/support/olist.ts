/**
 * Where the project's own files of real orders are.
 */
import { join } from "node:path";

const folder = join(import.meta.dirname, "..", "..", "data", "olist");

export const OLIST = {
  folder,
  orders: join(folder, "orders.csv.gz"),
  items: join(folder, "order_items.csv.gz"),
  products: join(folder, "products.csv.gz"),
} as const;
