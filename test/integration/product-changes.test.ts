// Every change of a product is published as a whole, with its place in the product's own order.
import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { productChanged } from "#contracts/events/product-events";
import { listenTo } from "../support/bus-listener.ts";
import { eventually } from "../support/eventually.ts";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));

const PATIENCE = { withinMs: 30_000 };

test("whoever changes a product, each version is published with all that it holds", async () => {
  const token = await shop.token("products:write");
  const heard = await listenTo(shop, "product.changed");
  const skus = Array.from({ length: 12 }, () => `changed-${randomUUID()}`);
  const load = (price: number) =>
    shop.invoke(shop.outputs.ImportProductsFunction, {
      products: skus.map((sku) => ({ sku, currency: "BRL", price, freight: 5, title: "A lamp" })),
    });
  const [sku = ""] = skus;

  await load(10);
  await load(10);
  const loaded = load(20);
  const answers = await Promise.all(
    [1, 2, 3].map((index) =>
      shop.call("PATCH", `/v1/products/${sku}`, {
        token,
        headers: { "if-match": "*", "content-type": "application/merge-patch+json" },
        body: { attributes: { [`a${index}`]: index } },
      }),
    ),
  );
  await loaded;
  await shop.call("DELETE", `/v1/products/${sku}`, { token });

  const item = (await shop.items(shop.outputs.ProductsTable)).find((one) => one["sku"] === sku);
  const last = Number(item?.["version"]);
  // Made, loaded anew, withdrawn, and changed by everybody who was told that he did.
  expect(last).toBe(3 + answers.filter(({ status }) => status === 200).length);
  await eventually(async () => {
    const about = (await heard()).filter(({ partitionkey }) => partitionkey === sku);
    const sequences = new Set(about.map(({ sequence }) => Number(sequence)));
    expect(sequences).toEqual(new Set(Array.from({ length: last }, (_, index) => index + 1)));
    const final = about.find(({ sequence }) => sequence === last);
    expect(productChanged.parse(final?.["data"])).toMatchObject({
      title: "A lamp",
      price: 20,
      deleted: true,
    });
    return true;
  }, PATIENCE);
  await eventually(async () => {
    const ids = (await heard()).filter(({ id }) => skus.some((one) => id === `${one}#2`));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(12);
    return true;
  }, PATIENCE);
});
