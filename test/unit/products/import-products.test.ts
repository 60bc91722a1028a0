// Loading the catalogue: repeatable, each SKU once, nobody's change lost.
import { expect, test } from "vitest";
import { memoryProductStore } from "#adapters/memory/product-store";
import { importProducts } from "#contracts/operator";
import type { EpochMs } from "#kernel/units";
import { importIntoCatalogue } from "#services/products/import-products";
import type { ProductStore } from "#services/products/ports";
import { productOfTest } from "../../support/products.ts";

const noon = 1_700_000_000_000 as EpochMs;
const lamp = { sku: "lamp", currency: "BRL", price: 1990, freight: 500 };
const chair = { sku: "chair", currency: "BRL", price: 1, freight: 0, category: "seats" };

const load = (
  store: ReturnType<typeof memoryProductStore>,
  products: readonly (typeof lamp)[],
  through: ProductStore = store,
) =>
  importIntoCatalogue(
    { products: through, categories: store },
    importProducts.parse({ products }),
    noon,
  );

test("products are created, changed where they differ, left alone where not", async () => {
  const store = memoryProductStore();

  const answers = [
    await load(store, [lamp, chair]),
    await load(store, [{ ...chair, price: 2 }, lamp]),
    await load(store, [{ ...chair, price: 2 }, lamp]),
  ];

  expect(answers).toEqual([{ written: 2 }, { written: 1 }, { written: 0 }]);
  expect(await store.get("chair")).toMatchObject({
    ...chair,
    price: 2,
    title: "chair",
    version: 2,
  });
  expect(await store.get("lamp")).toMatchObject({ ...lamp, version: 1 });
  expect(await store.names()).toEqual(["seats"]);
});

test("of several products with one SKU the last one counts", async () => {
  const store = memoryProductStore();

  const answer = await load(store, [lamp, { ...lamp, price: 5 }]);

  expect(answer).toEqual({ written: 1 });
  expect(await store.get("lamp")).toMatchObject({ price: 5, version: 1 });
});

test("what an import does not give stays: words, pictures, stars", async () => {
  const store = memoryProductStore();
  const rich = productOfTest("lamp", {
    description: "Warm light.",
    images: ["lamp.jpg"],
    attributes: { colour: "red" },
    rating: { count: 2, sum: 9 },
  });
  await store.write([rich]);

  await load(store, [{ ...lamp, price: 7 }]);

  expect(await store.get("lamp")).toEqual({ ...rich, price: 7, version: 2, updatedAt: noon });
});

test("a withdrawn product that is loaded again is taken up again", async () => {
  const store = memoryProductStore();
  await store.write([productOfTest("lamp", { deleted: true })]);

  await load(store, [lamp]);

  expect(await store.get("lamp")).toMatchObject({ deleted: false, version: 2 });
});

test("a change between reading and writing is not lost, nor is the import", async () => {
  const store = memoryProductStore();
  await load(store, [lamp, chair]);
  const [first] = [await store.get("lamp")];
  const racing: ProductStore = {
    ...store,
    async write(products) {
      const current = await store.get("lamp");
      const isFirst = current?.version === 1;
      if (isFirst) await store.write([{ ...current, version: 2, title: "A warm lamp" }]);
      return store.write(products);
    },
  };

  const answer = await load(
    store,
    [
      { ...lamp, price: 7 },
      { ...chair, price: 9 },
    ],
    racing,
  );

  expect(answer).toEqual({ written: 2 });
  expect(await store.get("lamp")).toEqual({
    ...first,
    title: "A warm lamp",
    price: 7,
    version: 3,
  });
});

test("who never gets to write says so after a bounded number of attempts", async () => {
  const store = memoryProductStore();
  let writes = 0;
  const refusing: ProductStore = {
    ...store,
    async write(products) {
      writes += 1;
      return products.map(({ sku }) => sku);
    },
  };

  await expect(load(store, [lamp], refusing)).rejects.toMatchObject({
    code: "conflict",
    action: "retry",
  });
  expect(writes).toBe(5);
});
