// What every search index promises, with the writer that feeds it.
import { expect, test } from "vitest";
import type {
  Found,
  ProductVersion,
  SearchIndex,
  SearchRequest,
  SearchWriter,
} from "#services/products/search-ports";
import { lamp, versionOf } from "../support/product-samples.ts";

export type OpenSearch = { readonly index: SearchIndex; readonly writer: SearchWriter };

export function searchIndexContract(open: () => OpenSearch | Promise<OpenSearch>): void {
  const shelf: readonly ProductVersion[] = [
    { version: 1, product: lamp },
    versionOf({ sku: "lamp-2", title: "Green floor lamp", category: "lighting", price: 12_000 }),
    versionOf({ sku: "lamp-3", title: "Red desk lamp", category: "lighting", price: 2_400 }),
    versionOf({ sku: "chair-1", title: "Desk chair", category: "seats", price: 30_000 }),
    versionOf({ sku: "chair-2", title: "Café chair", category: "seats", price: 9_900 }),
    versionOf({
      sku: "sofa-1",
      title: "Sofa",
      category: "seats",
      description: "Goes with any lamp.",
      currency: "EUR",
      price: 9_900,
    }),
  ];

  const stocked = async (more: readonly ProductVersion[] = []): Promise<OpenSearch> => {
    const opened = await open();
    await opened.writer.apply([...shelf, ...more]);
    return opened;
  };

  const asking = (text: string, changes: Partial<SearchRequest> = {}): SearchRequest => ({
    text,
    filter: { categories: [] },
    offset: 0,
    limit: 20,
    ...changes,
  });

  const skus = ({ products }: Found): readonly string[] => products.map(({ sku }) => sku);

  const found = async (index: SearchIndex, text: string): Promise<readonly string[]> =>
    [...skus(await index.search(asking(text)))].sort();

  test("an empty index finds nothing and suggests nothing", async () => {
    const { index } = await open();

    expect(await index.search(asking("lamp"))).toEqual({
      total: 0,
      products: [],
      facets: { categories: [], priceBands: [] },
    });
    expect(await index.suggest("lamp", 5)).toEqual([]);
  });

  test("a found product is shown as its newest version has it", async () => {
    const { index } = await stocked([versionOf({ sku: "rare-1", title: "Zither" })]);

    const { products, total } = await index.search(asking("brass"));

    expect(total).toBe(1);
    expect(products).toEqual([
      {
        sku: "lamp-1",
        title: "Green desk lamp",
        category: "lighting",
        image: "https://images.example/lamp.jpg",
        currency: "BRL",
        price: 4_990,
        freight: 500,
      },
    ]);
  });

  test.for([
    ["every word has to be there", "green desk", ["lamp-1"]],
    ["case does not count", "GREEN Desk LAMP", ["lamp-1"]],
    ["accents do not count", "cafe", ["chair-2"]],
    ["an accent that is not there does not count", "sófa", ["sofa-1"]],
    ["a category is a word", "seats", ["chair-1", "chair-2", "sofa-1"]],
    ["a description is looked up", "evenings", ["lamp-1"]],
    ["an attribute is looked up", "material brass", ["lamp-1"]],
    ["one letter is wrong", "grean", ["lamp-1", "lamp-2"]],
    ["two neighbours are swapped", "chiar", ["chair-1", "chair-2"]],
    ["one letter is missing", "char", ["chair-1", "chair-2"]],
    ["two are wrong in a long word", "lihgting", ["lamp-1", "lamp-2", "lamp-3"]],
    ["the last word is unfinished", "desk cha", ["chair-1"]],
    ["a first word is never unfinished", "cha desk", []],
    ["a word that nothing has finds nothing", "green zebra", []],
    ["a SKU finds its product alone", "lamp-2", ["lamp-2"]],
    [
      "no text finds everything",
      "",
      ["chair-1", "chair-2", "lamp-1", "lamp-2", "lamp-3", "sofa-1"],
    ],
    [
      "punctuation finds everything",
      " ?!* ",
      ["chair-1", "chair-2", "lamp-1", "lamp-2", "lamp-3", "sofa-1"],
    ],
  ] as const)("%s", async ([, text, expected]) => {
    const { index } = await stocked();

    expect(await found(index, text)).toEqual(expected);
  });

  test("what has the word in its title comes before what only mentions it", async () => {
    const { index } = await stocked();

    const order = skus(await index.search(asking("lamp")));

    expect(order).toHaveLength(4);
    expect(order.at(-1)).toBe("sofa-1");
  });

  test("among equals, and without a text, what buyers like comes first; then the SKU", async () => {
    const like = (sku: string, count: number, stars: number) =>
      versionOf({ sku, title: "Oak shelf", rating: { count, sum: count * stars } });
    const { index, writer } = await open();
    await writer.apply([like("b", 1, 5), like("a", 40, 1), like("d", 40, 5), like("c", 0, 0)]);

    expect(skus(await index.search(asking("oak shelf")))).toEqual(["d", "b", "c", "a"]);
    expect(skus(await index.search(asking("")))).toEqual(["d", "b", "c", "a"]);
  });

  test("pages follow each other without a gap or a repetition", async () => {
    const { index } = await stocked();
    const page = async (offset: number) =>
      skus(await index.search(asking("", { offset, limit: 4 })));

    const [first, second, third] = [await page(0), await page(4), await page(8)];

    expect([first.length, second.length, third.length]).toEqual([4, 2, 0]);
    expect(new Set([...first, ...second]).size).toBe(6);
  });

  test("facets count what another choice would find", async () => {
    const { index } = await stocked();

    const { facets, total } = await index.search(
      asking("", { filter: { categories: ["seats"], price: { currency: "BRL", max: 10_000 } } }),
    );

    expect(total).toBe(1);
    expect(facets).toEqual({
      categories: [
        { category: "lighting", count: 2 },
        { category: "seats", count: 1 },
      ],
      priceBands: [
        { currency: "BRL", from: 5_000, to: 10_000, count: 1 },
        { currency: "BRL", from: 20_000, to: 50_000, count: 1 },
        { currency: "EUR", from: 5_000, to: 10_000, count: 1 },
      ],
    });
  });

  test("both ends of a price are in it, and another currency is not compared", async () => {
    const { index } = await stocked();
    const within = async (min: number, max: number) => {
      const filter = { categories: [], price: { currency: "BRL", min, max } };
      return [...skus(await index.search(asking("", { filter })))].sort();
    };

    expect(await within(4_990, 12_000)).toEqual(["chair-2", "lamp-1", "lamp-2"]);
    expect(await within(4_991, 11_999)).toEqual(["chair-2"]);
  });

  test("a least rating leaves out what nobody has rated", async () => {
    const rated = (sku: string, count: number, sum: number) =>
      versionOf({ sku, title: "Rug", rating: { count, sum } });
    const { index } = await stocked([rated("rug-1", 2, 8), rated("rug-2", 2, 7)]);

    const best = await index.search(asking("", { filter: { categories: [], ratingMin: 4 } }));

    expect(skus(best)).toEqual(["rug-1"]);
  });

  test("a changed product is found by its new words and no longer by its old ones", async () => {
    const { index, writer } = await stocked();

    expect(await writer.apply([versionOf({ sku: "lamp-3", title: "Blue torch" }, 2)])).toBe(1);

    expect(await found(index, "torch")).toEqual(["lamp-3"]);
    expect(await found(index, "red")).toEqual([]);
    expect((await index.search(asking(""))).total).toBe(6);
  });

  test("a deleted product is not found, and does not come back by what was before", async () => {
    const { index, writer } = await stocked();
    await writer.apply([versionOf({ sku: "lamp-3", deleted: true }, 3)]);

    expect(await writer.apply([versionOf({ sku: "lamp-3", title: "Red desk lamp" }, 2)])).toBe(0);

    expect(await found(index, "red")).toEqual([]);
    expect(await found(index, "lamp-3")).toEqual([]);
  });

  test("a product that was deleted and made again is found again", async () => {
    const { index, writer } = await stocked();
    await writer.apply([versionOf({ sku: "lamp-3", deleted: true }, 2)]);
    await writer.apply([versionOf({ sku: "lamp-3", title: "Red desk lamp" }, 3)]);

    expect(await found(index, "red")).toEqual(["lamp-3"]);
  });

  test("what comes twice or in the wrong order changes nothing", async () => {
    const { index, writer } = await stocked();
    const [second, third] = [
      versionOf({ sku: "lamp-3", title: "Second" }, 2),
      versionOf({ sku: "lamp-3", title: "Third" }, 3),
    ];

    expect(await writer.apply([third, second, third])).toBe(1);
    expect(await writer.apply([second, ...shelf])).toBe(0);

    expect(await found(index, "third")).toEqual(["lamp-3"]);
    expect(await found(index, "second")).toEqual([]);
  });

  test("a text goes on in words that there are, those of most products first", async () => {
    const { index } = await stocked();

    expect(await index.suggest("l", 5)).toEqual([]);
    expect(await index.suggest("la", 5)).toEqual(["lamp"]);
    expect(await index.suggest("Green de", 5)).toEqual(["green desk"]);
    expect(await index.suggest("grean des", 5)).toEqual(["green desk"]);
    expect((await index.suggest("li", 5))[0]).toBe("lighting");
    expect(await index.suggest("li", 1)).toHaveLength(1);
  });

  test.for([
    "__proto__",
    "constructor toString hasOwnProperty",
    "\u0000\u0001'; DROP TABLE products; --",
    "${jndi:ldap://x}",
    "(a+)+$",
    "*".repeat(200),
    "🙂".repeat(100),
    "\uFDFA".repeat(200),
    "\uD800".repeat(200),
    "a ".repeat(100),
    "x".repeat(200),
    "ab cd ef gh ij kl mn op qr st uv wx yz ".repeat(5),
  ])("the hostile text %j is answered", async (text) => {
    const { index } = await stocked([versionOf({ sku: "odd-1", title: text.slice(0, 200) })]);

    const answer = await index.search(asking(text));

    expect(answer.products.length).toBeLessThanOrEqual(7);
    await expect(index.suggest(text, 5)).resolves.toBeInstanceOf(Array);
  });
}
