/**
 * What every product store must do. An adapter's own test file calls this with its constructor.
 */
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { Product } from "#services/products/domain/product";
import type { CategoryNames, ProductListRequest, ProductStore } from "#services/products/ports";
import { productOfTest } from "../support/products.ts";

export function productStoreContract(
  open: () => Promise<ProductStore & CategoryNames> | (ProductStore & CategoryNames),
): void {
  const lamp = productOfTest("lamp");
  const chair = productOfTest("chair", {
    description: "Four legs.\nOne back.",
    category: "seats",
    images: ["https://images.example/chair.jpg", "chair/back.jpg"],
    weightGrams: 4500,
    attributes: { colour: "red", legs: 4, stackable: true, tiny: 1e-300 },
    rating: { count: 3, sum: 14 },
  });

  const many = (count: number, differs: Partial<Product> = {}): readonly Product[] =>
    Array.from({ length: count }, (_, index) => productOfTest(`sku-${1000 + index}`, differs));

  /** All pages, at most 100. */
  async function pagesOf(store: ProductStore, request: ProductListRequest): Promise<string[][]> {
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = await store.list({ ...request, after });
      pages.push(page.products.map(({ sku }) => sku));
      after = page.next;
    } while (after !== undefined && pages.length < 100);
    return pages;
  }

  const listed = async (store: ProductStore, request: ProductListRequest): Promise<string[]> =>
    (await pagesOf(store, request)).flat();

  const newest = { limit: 100, sort: "newest" } as const;
  const inReais = { limit: 100, sort: "price", currency: "BRL" } as const;

  test("a product is read as it was written, with and without what is optional", async () => {
    const store = await open();

    expect(await store.write([lamp, chair])).toEqual([]);

    expect(await store.get("lamp")).toEqual(lamp);
    expect(await store.get("chair")).toEqual(chair);
    expect(await store.get("sofa")).toBeUndefined();
    expect(await store.read(["sofa", "lamp"])).toEqual(new Map([["lamp", lamp]]));
  });

  test("a version is written over the one before it and over no other", async () => {
    const store = await open();
    const second = { ...lamp, version: 2, price: 1 };

    expect(await store.write([second])).toEqual(["lamp"]);
    expect(await store.write([lamp])).toEqual([]);
    expect(await store.write([second])).toEqual([]);
    expect(await store.write([{ ...lamp, price: 3 }])).toEqual(["lamp"]);
    expect(await store.write([{ ...second, price: 4 }])).toEqual(["lamp"]);

    expect(await store.get("lamp")).toEqual(second);
  });

  test("of writers of one version one is first; the others are told", async () => {
    const store = await open();
    await store.write([lamp]);

    const refused = await Promise.all(
      [1, 2, 3, 4, 5].map((price) => store.write([{ ...lamp, version: 2, price }])),
    );

    expect(refused.flat()).toEqual(["lamp", "lamp", "lamp", "lamp"]);
  });

  test("what stands there already counts as written", async () => {
    const store = await open();

    const answers = [await store.write([chair]), await store.write([chair])];

    expect(answers).toEqual([[], []]);
  });

  test("of many those are refused that somebody else has changed, no others", async () => {
    const store = await open();
    const before = many(250);
    await store.write(before);
    await store.write([productOfTest("sku-1007", { version: 2 })]);
    await store.write([productOfTest("sku-1200", { version: 2 })]);

    const refused = await store.write(before.map((one) => ({ ...one, version: 2, price: 7 })));

    expect(refused.toSorted()).toEqual(["sku-1007", "sku-1200"]);
    const after = await store.read(before.map(({ sku }) => sku));
    expect(after.size).toBe(250);
    expect([...after.values()].filter(({ price }) => price === 7)).toHaveLength(248);
  });

  test("an empty store has one empty page", async () => {
    const store = await open();

    expect(await store.list(newest)).toEqual({ products: [], next: undefined });
  });

  test("the pages show every product exactly once, none empty and none too long", async () => {
    const store = await open();
    await store.write(many(43));

    const pages = await pagesOf(store, { ...newest, limit: 10 });

    expect(pages.flat().toSorted()).toEqual(many(43).map(({ sku }) => sku));
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 10, 10, 3]);
    expect(await pagesOf(store, { ...newest, limit: 43 })).toHaveLength(1);
  });

  test("the newest come first, those of one instant by SKU downwards", async () => {
    const store = await open();
    const at = (ms: number) => ({ createdAt: ms as EpochMs });
    await store.write([lamp, chair, productOfTest("old", at(5)), productOfTest("new", at(2e12))]);

    expect(await listed(store, { ...newest, limit: 1 })).toEqual(["new", "lamp", "chair", "old"]);
  });

  test("by price, up and down, in one currency", async () => {
    const store = await open();
    await store.write([
      productOfTest("nine", { price: 9 }),
      productOfTest("ten", { price: 10 }),
      productOfTest("other-ten", { price: 10 }),
      productOfTest("dear", { price: 100_000 }),
      productOfTest("euro", { price: 10, currency: "EUR" }),
    ]);

    expect(await listed(store, { ...inReais, limit: 2 })).toEqual([
      "nine",
      "other-ten",
      "ten",
      "dear",
    ]);
    expect(await listed(store, { ...inReais, sort: "-price", limit: 2 })).toEqual([
      "dear",
      "ten",
      "other-ten",
      "nine",
    ]);
    expect(await listed(store, { ...inReais, currency: "EUR" })).toEqual(["euro"]);
  });

  test("a range of prices has both its ends", async () => {
    const store = await open();
    await store.write([9, 10, 11, 12].map((price) => productOfTest(`sku-${price}`, { price })));

    expect(await listed(store, { ...inReais, from: 10, to: 11, limit: 1 })).toEqual([
      "sku-10",
      "sku-11",
    ]);
    expect(await listed(store, { ...inReais, from: 12 })).toEqual(["sku-12"]);
    expect(await listed(store, { ...inReais, to: 9 })).toEqual(["sku-9"]);
    expect(await listed(store, { ...inReais, from: 12, to: 9 })).toEqual([]);
  });

  test("a category shows its own products, in either order", async () => {
    const store = await open();
    await store.write([lamp, chair, productOfTest("sofa", { category: "seats", price: 7 })]);

    expect(await listed(store, { ...newest, category: "seats" })).toEqual(["sofa", "chair"]);
    expect(await listed(store, { ...inReais, category: "seats" })).toEqual(["sofa", "chair"]);
    expect(await listed(store, { ...inReais, category: "seats", to: 7 })).toEqual(["sofa"]);
    expect(await listed(store, { ...newest, category: "lights" })).toEqual([]);
  });

  test("a withdrawn product is read and listed nowhere; taken up again it is", async () => {
    const store = await open();
    await store.write([chair]);
    const gone = { ...chair, version: 2, deleted: true };
    await store.write([gone]);
    const lists = [newest, inReais, { ...newest, category: "seats" }];

    expect(await store.get("chair")).toEqual(gone);
    for (const list of lists) expect(await listed(store, list)).toEqual([]);
    await store.write([{ ...chair, version: 3 }]);
    for (const list of lists) expect(await listed(store, list)).toEqual(["chair"]);
  });

  test("500 are written and read at once", async () => {
    const store = await open();

    expect(await store.write(many(500))).toEqual([]);

    expect((await store.read(many(500).map(({ sku }) => sku))).size).toBe(500);
  });

  test("categories are there once, however often they are added", async () => {
    const store = await open();
    expect(await store.names()).toEqual([]);

    await store.add(["seats", "lights"]);
    await store.add(["lights", "seats & more", "lights"]);

    expect((await store.names()).toSorted()).toEqual(["lights", "seats", "seats & more"]);
  });
}
