// Loading the catalogue: repeatable, and each SKU written once.
import { expect, test } from "vitest";
import { memoryProductStore } from "#adapters/memory/product-store";
import { importIntoCatalogue } from "#services/products/import-products";

const lamp = { sku: "lamp", currency: "BRL", price: 1990, freight: 500 };
const chair = { sku: "chair", currency: "BRL", price: 1, freight: 0, category: "seats" };

test("products are created, and replaced when they come again", async () => {
  const products = memoryProductStore();

  const first = await importIntoCatalogue({ products }, { products: [lamp, chair] });
  const again = await importIntoCatalogue({ products }, { products: [{ ...chair, price: 2 }] });

  expect([first, again]).toEqual([{ written: 2 }, { written: 1 }]);
  expect(await products.get("chair")).toEqual({ ...chair, price: 2 });
  expect(await products.get("lamp")).toEqual(lamp);
});

test("of several products with one SKU the last one counts", async () => {
  const products = memoryProductStore();
  const twice = [lamp, { ...lamp, price: 5 }];

  const answer = await importIntoCatalogue({ products }, { products: twice });

  expect(answer).toEqual({ written: 1 });
  expect(await products.get("lamp")).toMatchObject({ price: 5 });
});
