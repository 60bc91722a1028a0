// What every source that a projection is rebuilt from promises.
import { expect, test } from "vitest";
import type { ProductSource, ProductVersion } from "#services/products/search-ports";
import { lamp, versionOf } from "../support/product-samples.ts";

export type OpenSource = {
  readonly source: ProductSource;
  readonly store: (versions: readonly ProductVersion[]) => Promise<unknown>;
};

export function productSourceContract(open: () => OpenSource | Promise<OpenSource>): void {
  const bySku = (a: ProductVersion, b: ProductVersion) => (a.product.sku < b.product.sku ? -1 : 1);

  const all = async ({ source }: OpenSource) => {
    const versions: ProductVersion[] = [];
    for await (const version of source.all()) versions.push(version);
    return versions.sort(bySku);
  };

  const stored: readonly ProductVersion[] = [
    versionOf({ sku: "gone", deleted: true }, 7),
    { version: 3, product: { ...lamp, rating: { count: 2, sum: 9 }, weightGrams: 900 } },
    versionOf({ sku: "plain" }),
  ];

  test("every product is there once, with all that it is, deleted ones too", async () => {
    const opened = await open();
    await opened.store(stored);

    expect(await all(opened)).toEqual(stored);
  });

  test("of some SKUs the known ones are answered", async () => {
    const opened = await open();
    await opened.store(stored);

    const some = await opened.source.some(["plain", "unknown", "gone"]);

    expect([...some].sort(bySku)).toEqual([stored[0], stored[2]]);
    expect(await opened.source.some([])).toEqual([]);
  });

  test("of many SKUs at once each is answered", async () => {
    const opened = await open();
    const many = Array.from({ length: 250 }, (_, at) => versionOf({ sku: `sku-${1000 + at}` }));
    await opened.store(many);

    const some = await opened.source.some(many.map(({ product }) => product.sku));

    expect([...some].sort(bySku)).toEqual(many);
    expect(await all(opened)).toEqual(many);
  });
}
