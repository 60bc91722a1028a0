/**
 * What every product store must do. An adapter's own test file calls this with its constructor.
 */
import { expect, test } from "vitest";
import type { Product, ProductStore } from "#services/products/ports";

export function productStoreContract(open: () => ProductStore | Promise<ProductStore>): void {
  const lamp = { sku: "lamp", currency: "BRL", price: 1990, freight: 0 };
  const chair = { ...lamp, sku: "chair", category: "seats", weightGrams: 4500 };

  const many = (count: number): readonly Product[] =>
    Array.from({ length: count }, (_, index) => ({ ...lamp, sku: `sku-${1000 + index}` }));

  /** All pages, at most 100. */
  async function pagesOf(store: ProductStore, limit: number): Promise<Product[][]> {
    const pages: Product[][] = [];
    let after: string | undefined;
    do {
      const page = await store.page(limit, after);
      pages.push([...page.products]);
      after = page.next;
    } while (after !== undefined && pages.length < 100);
    return pages;
  }

  const bySku = (a: Product, b: Product): number => (a.sku < b.sku ? -1 : 1);

  test("a product is read as it was put, with and without what is optional", async () => {
    const store = await open();

    await store.put([lamp, chair]);

    expect(await store.get("lamp")).toEqual(lamp);
    expect(await store.get("chair")).toEqual(chair);
  });

  test("an unknown SKU has no product", async () => {
    const store = await open();

    expect(await store.get("sofa")).toBeUndefined();
  });

  test("putting again replaces the product as a whole", async () => {
    const store = await open();
    await store.put([chair]);

    await store.put([{ ...lamp, sku: "chair" }]);

    expect(await store.get("chair")).toEqual({ ...lamp, sku: "chair" });
  });

  test("an empty store has one empty page", async () => {
    const store = await open();

    expect(await store.page(10, undefined)).toEqual({ products: [], next: undefined });
  });

  test("the pages show every product exactly once, none empty and none too long", async () => {
    const store = await open();
    await store.put(many(73));

    const pages = await pagesOf(store, 10);

    expect(pages.flat().sort(bySku)).toEqual(many(73));
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 10, 10, 10, 10, 10, 3]);
  });

  test("a full last page is the last", async () => {
    const store = await open();
    await store.put(many(20));

    expect((await pagesOf(store, 10)).map(({ length }) => length)).toEqual([10, 10]);
  });

  test("500 products are put at once, and putting them again changes nothing", async () => {
    const store = await open();

    await store.put(many(500));
    await store.put(many(500));

    expect((await pagesOf(store, 100)).flat()).toHaveLength(500);
  });
}
