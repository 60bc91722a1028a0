/**
 * The one store that both sides of the benchmark write to: DynamoDB's requests as they are on the
 * wire, over a Map. As cheap as can be, so that what is measured is the library in front of it.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { holds, type Item, type Placeholders } from "../../simulation/powertools/expressions.ts";
import { applyUpdate } from "./update-expression.ts";

export const TABLES = {
  heads: "heads",
  idempotency: "idempotency",
  accounts: "accounts",
  outbox: "outbox",
} as const;

/** The names of each table's key attributes. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  [TABLES.heads]: ["pk", "sk"],
  [TABLES.idempotency]: ["id"],
  [TABLES.accounts]: ["pk"],
  [TABLES.outbox]: ["pk"],
};

export type Operation =
  | "GetItem"
  | "PutItem"
  | "UpdateItem"
  | "DeleteItem"
  | "BatchGetItem"
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

  const get = (table: string, key: Item): Item | undefined => items.get(keyOf(table, key));
  const told = (operation: Operation, kind: Touch["kind"], changes: readonly Change[]): void => {
    const isTransaction = operation === "TransactWriteItems";
    const touches = changes.map(({ before, after }) => ({ kind, before, after, isTransaction }));
    meter?.request(operation, touches);
  };
  const store = ({ key, after }: Change): void => {
    if (after === undefined) items.delete(key);
    else items.set(key, after);
  };

  const change = (operation: Operation, input: Input): Change => {
    const key = keyOf(input.TableName ?? "", input.Item ?? input.Key ?? NOTHING);
    const before = items.get(key);
    const { ConditionExpression: condition } = input;
    const places = placeholdersOf(input);
    const isRefused = condition !== undefined && !holds(condition, before ?? NOTHING, places);
    const after = isRefused ? before : next(operation, input, before);
    return { key, before, after, isRefused };
  };

  const write = (operation: Operation, input: Input): Readonly<Record<string, unknown>> => {
    const changed = change(operation, input);
    if (meter !== undefined) told(operation, changed.isRefused ? "refused" : "write", [changed]);
    if (changed.isRefused) {
      const { before } = changed;
      throw new Refusal(
        "ConditionalCheckFailedException",
        before === undefined ? {} : { Item: before },
      );
    }
    store(changed);
    return DONE;
  };

  const transact = ({ TransactItems = [] }: Input): Readonly<Record<string, unknown>> => {
    const changes = TransactItems.map((action) => {
      const [[name, input] = ["", {}]] = Object.entries(action);
      return change(
        name === "Update" ? "UpdateItem" : name === "Delete" ? "DeleteItem" : "PutItem",
        input,
      );
    });
    const isRefused = changes.some((one) => one.isRefused);
    told("TransactWriteItems", isRefused ? "refused" : "write", changes);
    if (!isRefused) {
      for (const one of changes) store(one);
      return DONE;
    }
    const CancellationReasons = changes.map((one) =>
      one.isRefused
        ? {
            Code: "ConditionalCheckFailed",
            ...(one.before === undefined ? {} : { Item: one.before }),
          }
        : { Code: "None" },
    );
    throw new Refusal("TransactionCanceledException", { CancellationReasons });
  };

  const read = (operation: Operation, found: readonly (Item | undefined)[]): void => {
    meter?.request(
      operation,
      found.map((item) => ({ kind: "read", before: item, after: item, isTransaction: false })),
    );
  };

  return {
    items: () => items.size,
    answer(operation, input) {
      switch (operation) {
        case "GetItem": {
          const item = get(input.TableName ?? "", input.Key ?? NOTHING);
          read(operation, [item]);
          return item === undefined ? DONE : { Item: item };
        }
        case "BatchGetItem": {
          const found = Object.entries(input.RequestItems ?? {}).map(
            ([table, { Keys = [] }]) => [table, Keys.map((key) => get(table, key))] as const,
          );
          read(
            operation,
            found.flatMap(([, some]) => some),
          );
          const Responses = Object.fromEntries(
            found.map(([table, some]) => [table, some.filter((item) => item !== undefined)]),
          );
          return { Responses };
        }
        case "PutItem":
        case "UpdateItem":
        case "DeleteItem":
          return write(operation, input);
        case "TransactWriteItems":
          return transact(input);
        default:
          return operation satisfies never;
      }
    },
  };
}

function next(operation: Operation, input: Input, before: Item | undefined): Item | undefined {
  if (operation === "DeleteItem") return undefined;
  if (operation === "PutItem") return input.Item;
  const standing = before ?? input.Key ?? NOTHING;
  return applyUpdate(input.UpdateExpression ?? "", standing, placeholdersOf(input));
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
