// The files of real orders, and every way in which a file of somebody else may be wrong.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { readCatalogue, readOrders } from "#replay/olist";
import { parseInstant } from "#kernel/units";
import { OLIST } from "../../support/olist.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-olist-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const fileOf = (content: string | Uint8Array): string => {
  files += 1;
  const path = join(folder, `orders-${files}.csv`);
  writeFileSync(path, content);
  return path;
};

const HEAD = "order_id,order_status,purchased_at,approved_at,handed_to_carrier_at,delivered_at\n";
const ROW = "a1,delivered,2017-10-02T10:56:00Z,2017-10-02T11:07:00Z,,2017-10-10T21:25:00Z\n";

test("an order is read with the steps that happened, and without those that did not", async () => {
  expect(await readOrders(fileOf(HEAD + ROW))).toEqual([
    {
      externalReference: "a1",
      status: "delivered",
      purchasedAt: parseInstant("2017-10-02T10:56:00Z"),
      approvedAt: parseInstant("2017-10-02T11:07:00Z"),
      deliveredAt: parseInstant("2017-10-10T21:25:00Z"),
    },
  ]);
});

test("columns are found by name, whatever their order and whatever else there is", async () => {
  const text =
    "\ufeffdelivered_at,customer_id,handed_to_carrier_at,approved_at,purchased_at,order_status," +
    "order_id\r\n" +
    "2017-10-10T21:25:00Z,c,,2017-10-02T11:07:00Z,2017-10-02T10:56:00Z,delivered,a1\r\n";

  expect(await readOrders(fileOf(text))).toEqual(await readOrders(fileOf(HEAD + ROW)));
});

test("a compressed file is read whatever its name", async () => {
  const compressed = gzipSync(HEAD + ROW);

  expect(await readOrders(fileOf(compressed))).toEqual(await readOrders(fileOf(HEAD + ROW)));
});

test("times with an offset are the same instant", async () => {
  const row = "a1,created,2017-10-02T07:56:00-03:00,,,\n";

  const [order] = await readOrders(fileOf(HEAD + row));

  expect(order?.purchasedAt).toBe(parseInstant("2017-10-02T10:56:00Z"));
});

test.each([
  { name: "empty file", text: "", says: ["the file is empty", "order_id"] },
  { name: "no rows", text: HEAD, says: ["no rows below the first line"] },
  {
    name: "missing columns",
    text: "order_id,purchased_at\nx,y\n",
    says: ["line 1", "missing columns order_status, approved_at"],
  },
  {
    name: "column twice",
    text: `order_id,${HEAD}x,${ROW}`,
    says: ["line 1", "order_id is named twice"],
  },
  { name: "row too short", text: `${HEAD}a1,created\n`, says: ["line 2", "2 values", "6 columns"] },
  { name: "row too long", text: `${HEAD}a1,created,,,,,,\n`, says: ["line 2", "8 values"] },
  {
    name: "unknown status",
    text: `${HEAD}a1,lost,2017-10-02T10:56:00Z,,,\n`,
    says: ["line 2", "column order_status", '"lost"', "canceled"],
  },
  {
    name: "no time of purchase",
    text: `${HEAD}a1,created,,,,\n`,
    says: ["line 2", "column purchased_at", '""'],
  },
  {
    name: "no instant",
    text: `${HEAD}a1,created,2017-10-02T10:56:00Z,2.10.2017,,\n`,
    says: ["line 2", "column approved_at", '"2.10.2017"', "2017-10-02T10:56:00Z"],
  },
  {
    name: "a day that no calendar has",
    text: `${HEAD}a1,created,2017-02-30T10:56:00Z,,,\n`,
    says: ["line 2", "column purchased_at", "2017-02-30"],
  },
  {
    name: "local time",
    text: `${HEAD}a1,created,2017-10-02T10:56:00,,,\n`,
    says: ["line 2", "column purchased_at"],
  },
  {
    name: "before 1970",
    text: `${HEAD}a1,created,1969-10-02T10:56:00Z,,,\n`,
    says: ["line 2", "column purchased_at"],
  },
  { name: "no id", text: `${HEAD},created,2017-10-02T10:56:00Z,,,\n`, says: ["column order_id"] },
  {
    name: "id too long",
    text: `${HEAD}${"a".repeat(65)},created,2017-10-02T10:56:00Z,,,\n`,
    says: ["column order_id", "1-64"],
  },
  {
    name: "id twice",
    text: HEAD + ROW + ROW,
    says: ["line 3", "column order_id", '"a1"', "Line 2"],
  },
])("refused with where and why: $name", async ({ text, says }) => {
  const file = fileOf(text);
  const message = await readOrders(file).then(
    () => "not refused",
    (error: unknown) => (error as Error).message,
  );

  for (const part of [file, ...says]) expect(message).toContain(part);
  expect(message.split("\n")).toHaveLength(1);
});

test.each([
  { name: "no file", file: join(folder, "nowhere.csv"), says: "no such file" },
  { name: "a folder", file: folder, says: "folder" },
  { name: "no text", file: fileOf(Uint8Array.of(0x61, 0xff, 0xfe)), says: "UTF-8" },
  {
    name: "cut short",
    file: fileOf(gzipSync(HEAD + ROW).subarray(0, 60)),
    says: "the gzip file is damaged",
  },
])("unreadable: $name", async ({ file, says }) => {
  await expect(readOrders(file)).rejects.toThrow(`${file}: `);
  await expect(readOrders(file)).rejects.toThrow(says);
});

test("a product's price and freight are those of its first row, baskets are merged", async () => {
  const items = fileOf(
    "order_id,product_id,price_brl,freight_brl\n" +
      "o1,p1,58.9,13.29\no1,p1,60,1\no2,p2,199,0\no2,p1,1,1\n",
  );
  const products = fileOf("product_id,category,weight_g\np1,art,650\np2,,\nother,art,1\n");

  const catalogue = await readCatalogue({ items, products });

  expect([...catalogue.products.values()]).toEqual([
    { sku: "p1", price: 5890, freight: 1329, category: "art", weightGrams: 650 },
    { sku: "p2", price: 19900, freight: 0 },
  ]);
  expect(catalogue.baskets).toEqual([
    [{ sku: "p1", quantity: 2 }],
    [
      { sku: "p2", quantity: 1 },
      { sku: "p1", quantity: 1 },
    ],
  ]);
});

test("prices that are no amounts are refused", async () => {
  const items = fileOf("order_id,product_id,price_brl,freight_brl\no1,p1,58.999,13.29\n");
  const products = fileOf("product_id,category,weight_g\np1,art,650\n");

  await expect(readCatalogue({ items, products })).rejects.toThrow(
    /line 2, column price_brl: got "58\.999"/,
  );
});

test("the project's own files are what their README says, and together at most 3 MB", () => {
  const readme = readFileSync(join(OLIST.folder, "README.md"), "utf8");
  const sums = [...readme.matchAll(/^\| `([\w.]+)` \| [\d,]+ \| `([0-9a-f]{64})` \|/gm)];

  expect(sums.map(([, name]) => name)).toEqual([
    "orders.csv.gz",
    "order_items.csv.gz",
    "catalogue.csv.gz",
    "products.csv.gz",
  ]);
  for (const [, name = "", sum] of sums) {
    const content = gunzipSync(readFileSync(join(OLIST.folder, name)));
    const found = createHash("sha256").update(content).digest("hex");
    expect({ name, sum: found }).toEqual({ name, sum });
  }
  const bytes = sums.map(([, name = ""]) => statSync(join(OLIST.folder, name)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(3 * 1024 * 1024);
});

test("the project's own files hold 8,000 orders and 6,088 products", async () => {
  const orders = await readOrders(OLIST.orders);
  const catalogue = await readCatalogue(OLIST);

  expect(orders).toHaveLength(8_000);
  expect(catalogue.products.size).toBe(6_088);
  expect(catalogue.baskets).toHaveLength(8_796);
});
