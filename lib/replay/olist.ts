/**
 * The files of real orders: the orders with their life cycle, and the items from which a catalogue
 * and baskets are made.
 */
import { instantField, skuField } from "#contracts/http/fields";
import type { Failure } from "#kernel/failure";
import { type EpochMs, type MinorUnits, parseInstant } from "#kernel/units";
import { minorUnitsOf } from "./decimal.ts";
import { type TableRow, tableRows } from "./table-file.ts";

export const FILE_STATUSES = [
  "created",
  "approved",
  "processing",
  "invoiced",
  "shipped",
  "delivered",
  "unavailable",
  "canceled",
] as const;

export type FileStatus = (typeof FILE_STATUSES)[number];

/** One order as the file tells its life; an absent instant is a step that never happened. */
export type FileOrder = {
  readonly externalReference: string;
  readonly status: FileStatus;
  readonly purchasedAt: EpochMs;
  readonly approvedAt?: EpochMs;
  readonly handedToCarrierAt?: EpochMs;
  readonly deliveredAt?: EpochMs;
};

export type CatalogueProduct = {
  readonly sku: string;
  readonly price: MinorUnits;
  /** Charged for each unit. */
  readonly freight: MinorUnits;
  readonly category?: string;
  readonly weightGrams?: number;
};

export type BasketLine = { readonly sku: string; readonly quantity: number };

export type Catalogue = {
  /** By SKU, in the order of their first sale. */
  readonly products: ReadonlyMap<string, CatalogueProduct>;
  /** What real customers bought together. */
  readonly baskets: readonly (readonly BasketLine[])[];
};

export const CURRENCY = "BRL";

const ORDER_COLUMNS = [
  "order_id",
  "order_status",
  "purchased_at",
  "approved_at",
  "handed_to_carrier_at",
  "delivered_at",
] as const;
type OrderRow = TableRow<(typeof ORDER_COLUMNS)[number]>;

/** Throws `Failure` `malformed-request` (reject) with file, line, column, value and what to do. */
export async function readOrders(file: string): Promise<readonly FileOrder[]> {
  const orders: FileOrder[] = [];
  const lines = new Map<string, number>();
  for await (const row of tableRows(file, ORDER_COLUMNS)) {
    const order = orderOf(row);
    const earlier = lines.get(order.externalReference);
    if (earlier !== undefined) {
      throw row.wrong("order_id", `Line ${earlier} has the same id; an order stands there once.`);
    }
    lines.set(order.externalReference, row.line);
    orders.push(order);
  }
  return orders;
}

function orderOf(row: OrderRow): FileOrder {
  const externalReference = row.value("order_id");
  if (externalReference === "" || externalReference.length > REFERENCE_CHARACTERS_MAX) {
    throw row.wrong("order_id", `Write an id of 1-${REFERENCE_CHARACTERS_MAX} characters.`);
  }
  const text = row.value("order_status");
  const status = FILE_STATUSES.find((known) => known === text);
  if (status === undefined) {
    throw row.wrong("order_status", `Write one of ${FILE_STATUSES.join(", ")}.`);
  }
  const purchasedAt = instantOf(row, "purchased_at");
  if (purchasedAt === undefined) {
    throw row.wrong("purchased_at", `Every order has its time of purchase: ${EXAMPLE_INSTANT}.`);
  }
  const approvedAt = instantOf(row, "approved_at");
  const handedToCarrierAt = instantOf(row, "handed_to_carrier_at");
  const deliveredAt = instantOf(row, "delivered_at");
  return {
    externalReference,
    status,
    purchasedAt,
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
  };
}

const REFERENCE_CHARACTERS_MAX = 64;
const EXAMPLE_INSTANT = "write it like 2017-10-02T10:56:00Z";

type InstantColumn = "purchased_at" | "approved_at" | "handed_to_carrier_at" | "delivered_at";

function instantOf(row: OrderRow, column: InstantColumn): EpochMs | undefined {
  const text = row.value(column);
  if (text === "") return undefined;
  // The contract's field knows the calendar; the kernel's function gives the number.
  const at = instantField.safeParse(text).success ? parseInstant(text) : undefined;
  if (at === undefined || at < 0) {
    throw row.wrong(
      column,
      `This is no instant since 1970: ${EXAMPLE_INSTANT}, or leave it blank.`,
    );
  }
  return at;
}

const ITEM_COLUMNS = ["order_id", "product_id", "price_brl", "freight_brl"] as const;
const PRODUCT_COLUMNS = ["product_id", "category", "weight_g"] as const;

/**
 * A product's price and freight are those of its first row in the items. Throws as `readOrders`
 * does.
 */
export async function readCatalogue(files: {
  readonly items: string;
  readonly products: string;
}): Promise<Catalogue> {
  const details = await readDetails(files.products);
  const products = new Map<string, CatalogueProduct>();
  const baskets = new Map<string, Map<string, number>>();
  for await (const row of tableRows(files.items, ITEM_COLUMNS)) {
    const sku = skuOf(row);
    const price = amountOf(row, "price_brl");
    const freight = amountOf(row, "freight_brl");
    if (!products.has(sku)) products.set(sku, { sku, price, freight, ...details.get(sku) });
    const basket = baskets.get(row.value("order_id")) ?? new Map<string, number>();
    basket.set(sku, (basket.get(sku) ?? 0) + 1);
    baskets.set(row.value("order_id"), basket);
  }
  return { products, baskets: [...baskets.values()].map(linesOf) };
}

const linesOf = (basket: ReadonlyMap<string, number>): readonly BasketLine[] =>
  [...basket].map(([sku, quantity]) => ({ sku, quantity }));

type Details = Pick<CatalogueProduct, "category" | "weightGrams">;

async function readDetails(file: string): Promise<ReadonlyMap<string, Details>> {
  const details = new Map<string, Details>();
  for await (const row of tableRows(file, PRODUCT_COLUMNS)) {
    const category = row.value("category");
    const weight = row.value("weight_g");
    if (!/^\d{0,9}$/.test(weight))
      throw row.wrong("weight_g", "Write whole grams or leave it blank.");
    details.set(skuOf(row), {
      ...(category !== "" && { category }),
      ...(weight !== "" && { weightGrams: Number(weight) }),
    });
  }
  return details;
}

function skuOf(row: { value(column: "product_id"): string; wrong: WrongProduct }): string {
  const sku = row.value("product_id");
  if (skuField.safeParse(sku).success) return sku;
  throw row.wrong("product_id", "Write 1-64 of the characters A-Z a-z 0-9 _ -.");
}

type WrongProduct = (column: "product_id", whatToDo: string) => Failure;

function amountOf(
  row: TableRow<(typeof ITEM_COLUMNS)[number]>,
  column: "price_brl" | "freight_brl",
): MinorUnits {
  const amount = minorUnitsOf(row.value(column));
  if (amount === undefined) throw row.wrong(column, "Write an amount like 58.9 or 1299.00.");
  return amount;
}
