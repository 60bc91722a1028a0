/**
 * The one store that both sides of the benchmark write to: DynamoDB's requests as they are on the
 * wire, over a Map. As cheap as can be, so that what is measured is the library in front of it.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { holds, type Item, type Placeholders, updated } from "#simulation/expressions";

export const TABLES = {
  heads: "heads",
  idempotency: "idempotency",
  accounts: "accounts",
  outbox: "outbox",
} as const;

/** Of the shop, for what an order costs. */
export const SHOP_TABLES = {
  orders: "orders",
  orderList: "order-list",
  sagaStart: "saga-start",
  stock: "stock",
  payments: "payments",
  webhooks: "webhooks",
  recommendations: "recommendations",
  products: "products",
  carts: "carts",
} as const;

/** The names of each table's key attributes. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  [TABLES.heads]: ["pk", "sk"],
  [TABLES.idempotency]: ["id"],
  [TABLES.accounts]: ["pk"],
  [TABLES.outbox]: ["pk"],
  [SHOP_TABLES.orders]: ["pk", "sk"],
  [SHOP_TABLES.orderList]: ["pk", "sk"],
  [SHOP_TABLES.sagaStart]: ["pk", "sk"],
  [SHOP_TABLES.stock]: ["pk", "sk"],
  [SHOP_TABLES.payments]: ["pk", "sk"],
  [SHOP_TABLES.webhooks]: ["pk", "sk"],
  [SHOP_TABLES.recommendations]: ["pk", "sk"],
  [SHOP_TABLES.products]: ["sku"],
  [SHOP_TABLES.carts]: ["cartId"],
};

export type Operation =
  | "GetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "BatchGetItem"
  | "Query"
  | "TransactWriteItems";

/** One item of one request, for whoever counts units. Undefined: there is none. */
export type Touch = {
  readonly kind: "read" | "write" | "refused";
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly isTransaction: boolean;
};

/** Sees every request; the CPU of the rows with times is measured without. */
export type Meter = { request(operation: Operation, touches: readonly Touch[]): void };

/** What the service answers instead of an output. */
export class Refusal extends Error {
  readonly code: "ConditionalCheckFailedException" | "TransactionCanceledException";
  readonly body: Readonly<Record<string, unknown>>;
  constructor(code: Refusal["code"], body: Readonly<Record<string, unknown>>) {
    super("The conditional request failed");
    this.code = code;
    this.body = body;
  }
}

export type BenchTable = {
  /** @throws Refusal when a condition does not hold; an Error for what is not modelled. */
  answer(operation: Operation, input: Input): Readonly<Record<string, unknown>>;
  items(): number;
};

/** What of all requests' inputs is read here; names as in the API. */
export type Input = {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly ConditionExpression?: string;
  readonly ReturnValues?: string;
  readonly KeyConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Readonly<Record<string, AttributeValue>>;
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly Item[] }>>;
  readonly TransactItems?: readonly Readonly<Record<string, Input>>[];
};

type Change = {
  readonly key: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly isRefused: boolean;
};

const NOTHING: Item = {};
const DONE = {};

export function benchTable(meter?: Meter): BenchTable {
  const items = new Map<string, Item>();
  return {
    items: () => items.size,
    answer(operation, input) {
      switch (operation) {
        case "GetItem":
          return get(items, input, meter);
        case "BatchGetItem":
          return getMany(items, input, meter);
        case "Query":
          return query(items, input, meter);
        case "PutItem":
        case "UpdateItem":
        case "DeleteItem":
          return write(items, operation, input, meter);
        case "TransactWriteItems":
          return transact(items, input, meter);
        default:
          return operation satisfies never;
      }
    },
  };
}

type Items = Map<string, Item>;
type Output = Readonly<Record<string, unknown>>;

const at = (items: Items, table: string, key: Item): Item | undefined =>
  items.get(keyOf(table, key));

function get(items: Items, { TableName = "", Key = NOTHING }: Input, meter?: Meter): Output {
  const item = at(items, TableName, Key);
  meter?.request("GetItem", [readOf(item)]);
  return item === undefined ? DONE : { Item: item };
}

function getMany(items: Items, { RequestItems = {} }: Input, meter?: Meter): Output {
  const found = Object.entries(RequestItems).map(
    ([table, { Keys = [] }]) => [table, Keys.map((key) => at(items, table, key))] as const,
  );
  const touches = found.flatMap(([, some]) => some.map(readOf));
  meter?.request("BatchGetItem", touches);
  const Responses = Object.fromEntries(
    found.map(([table, some]) => [table, some.filter((item) => item !== undefined)]),
  );
  return { Responses };
}

const PARTITION = /^pk = (:\w+)(?: AND begins_with\(sk, (:\w+)\))?$/;

/** One partition in its order, or what of it begins so; what a query has read is billed as one. */
function query(items: Items, input: Input, meter?: Meter): Output {
  const { TableName = "", KeyConditionExpression = "", ExpressionAttributeValues = {} } = input;
  const [, partition, prefix] = PARTITION.exec(KeyConditionExpression) ?? [];
  if (partition === undefined) throw new Error(`Not modelled: ${KeyConditionExpression}`);
  const begin = `${TableName}\n${ExpressionAttributeValues[partition]?.S ?? ""}\n`;
  const start = begin + (prefix === undefined ? "" : (ExpressionAttributeValues[prefix]?.S ?? ""));
  const found = [...items].filter(([key]) => key.startsWith(start)).toSorted(byKey);
  const Items = found.map(([, item]) => item);
  meter?.request("Query", [readOf({ Items: { L: Items.map((M) => ({ M })) } } as Item)]);
  return { Items };
}

const byKey = ([a]: readonly [string, Item], [b]: readonly [string, Item]): number =>
  a < b ? -1 : 1;

const readOf = (item: Item | undefined): Touch => ({
  kind: "read",
  before: item,
  after: item,
  isTransaction: false,
});

function write(items: Items, operation: Operation, input: Input, meter?: Meter): Output {
  const change = changeOf(items, operation, input);
  if (meter !== undefined) meter.request(operation, [touchOf(change, change.isRefused, false)]);
  if (!change.isRefused) {
    store(items, change);
    const { before: Attributes } = change;
    // More than was changed: whoever asks takes what he needs.
    const isWanted = input.ReturnValues === "UPDATED_OLD" && Attributes !== undefined;
    return isWanted ? { Attributes } : DONE;
  }
  const { before } = change;
  throw new Refusal(
    "ConditionalCheckFailedException",
    before === undefined ? {} : { Item: before },
  );
}

const ACTIONS: Readonly<Record<string, Operation>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
};

function transact(items: Items, { TransactItems = [] }: Input, meter?: Meter): Output {
  const changes = TransactItems.flatMap((action) =>
    Object.entries(action).map(([name, input]) => {
      const operation = ACTIONS[name];
      if (operation === undefined) throw new Error(`The benchmark's store knows no ${name}`);
      return changeOf(items, operation, input);
    }),
  );
  const isRefused = changes.some((change) => change.isRefused);
  meter?.request(
    "TransactWriteItems",
    changes.map((change) => touchOf(change, isRefused, true)),
  );
  if (!isRefused) {
    for (const change of changes) store(items, change);
    return DONE;
  }
  const CancellationReasons = changes.map(({ before, isRefused: isReason }) => ({
    Code: isReason ? "ConditionalCheckFailed" : "None",
    ...(isReason && before !== undefined ? { Item: before } : {}),
  }));
  throw new Refusal("TransactionCanceledException", { CancellationReasons });
}

function changeOf(items: Items, operation: Operation, input: Input): Change {
  const key = keyOf(input.TableName ?? "", input.Item ?? input.Key ?? NOTHING);
  const before = items.get(key);
  const { ConditionExpression: condition } = input;
  const places = placeholdersOf(input);
  const isRefused = condition !== undefined && !holds(condition, before ?? NOTHING, places);
  const after = isRefused ? before : next(operation, input, before);
  return { key, before, after, isRefused };
}

const touchOf = ({ before, after }: Change, isRefused: boolean, isTransaction: boolean): Touch => ({
  kind: isRefused ? "refused" : "write",
  before,
  after,
  isTransaction,
});

function store(items: Items, { key, after }: Change): void {
  if (after === undefined) items.delete(key);
  else items.set(key, after);
}

function next(operation: Operation, input: Input, before: Item | undefined): Item | undefined {
  if (operation === "DeleteItem") return undefined;
  if (operation === "PutItem") return input.Item;
  const standing = before ?? input.Key ?? NOTHING;
  return updated(input.UpdateExpression ?? "", standing, placeholdersOf(input));
}

const keyOf = (table: string, item: Item): string => {
  let key = table;
  for (const name of KEYS[table] ?? []) key += `\n${item[name]?.S ?? ""}`;
  return key;
};

const placeholdersOf = (input: Input): Placeholders => ({
  names: input.ExpressionAttributeNames ?? {},
  values: input.ExpressionAttributeValues ?? {},
});
