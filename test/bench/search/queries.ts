/**
 * What people type, made from the catalogue's own words by a seed: whole names, beginnings, typing
 * errors, filters, and texts that are meant to be slow.
 */
import type { Rng } from "#kernel/rng";
import type { ProductVersion, SearchRequest } from "#services/products/search-ports";

export type Kind = (typeof KINDS)[number];

export const KINDS = [
  "words",
  "unfinished",
  "mistyped",
  "filtered",
  "SKU",
  "everything",
  "hostile",
] as const;

const HOSTILE = [
  "a ".repeat(100),
  "cm g length weight",
  "length cm weight g bed bath table furniture decor",
  "furniturr decorr healthh beautyy sportss",
  "0000000 1111111 2222222 3333333 4444444 5555555",
  "x".repeat(200),
  "\uFDFA".repeat(200),
] as const;

export function queryOf(kind: Kind, catalogue: readonly ProductVersion[], rng: Rng): SearchRequest {
  const pick = <Item>(items: readonly Item[]): Item => items[rng.int(items.length)] as Item;
  const { product } = pick(catalogue);
  const { category = "toys", sku } = product;
  const words = category.replaceAll("_", " ");
  const plain = { text: words, filter: { categories: [] }, offset: 0, limit: 20 };
  switch (kind) {
    case "words":
      return plain;
    case "unfinished":
      return { ...plain, text: words.slice(0, 3 + rng.int(words.length)) };
    case "mistyped": {
      const at = rng.int(words.length);
      return { ...plain, text: `${words.slice(0, at)}${words.slice(at + 1)}` };
    }
    case "filtered":
      return {
        ...plain,
        text: pick(["", words.split(" ")[0] ?? ""]),
        filter: { categories: [category], price: { currency: "BRL", max: product.price } },
      };
    case "SKU":
      return { ...plain, text: pick([sku, sku.slice(0, 8)]) };
    case "everything":
      return { ...plain, text: "", offset: rng.int(900) };
    case "hostile":
      return { ...plain, text: pick(HOSTILE) };
    default:
      return kind satisfies never;
  }
}
