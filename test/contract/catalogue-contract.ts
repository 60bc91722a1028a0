/**
 * What every catalogue must do for orders. An adapter's own test file calls this with a catalogue
 * of the given products.
 */
import { expect, test } from "vitest";
import type { Catalogue, CataloguePrice } from "#services/orders/ports";

export function catalogueContract(
  open: (products: readonly CataloguePrice[]) => Catalogue | Promise<Catalogue>,
): void {
  const chair = { sku: "chair", currency: "BRL", price: 4990, freight: 1329 };
  const lamp = { sku: "lamp", currency: "EUR", price: 0, freight: 0 };

  test("known SKUs have their prices, unknown ones are absent", async () => {
    const catalogue = await open([chair, lamp]);

    const prices = await catalogue.prices(["lamp", "sofa", "chair"]);

    expect(prices).toEqual(
      new Map([
        ["chair", chair],
        ["lamp", lamp],
      ]),
    );
  });

  test("nothing asked is nothing answered", async () => {
    const catalogue = await open([chair]);

    expect(await catalogue.prices([])).toEqual(new Map());
  });

  test("a SKU asked twice is answered once", async () => {
    const catalogue = await open([chair]);

    expect(await catalogue.prices(["chair", "chair"])).toEqual(new Map([["chair", chair]]));
  });

  test("a hundred SKUs are answered at once", async () => {
    const products = Array.from({ length: 100 }, (_, index) => ({
      sku: `sku-${index}`,
      currency: "BRL",
      price: index,
      freight: index * 2,
    }));
    const catalogue = await open(products);

    const prices = await catalogue.prices(products.map(({ sku }) => sku));

    expect(prices.size).toBe(100);
    expect(prices.get("sku-99")).toEqual(products[99]);
  });
}
