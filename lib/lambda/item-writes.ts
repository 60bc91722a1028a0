/**
 * Effects as the SDK has them: a handler returns actions of a transaction, on items of any table,
 * and they are written together with the head or not at all.
 */
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { itemBytes } from "#adapters/aws/dynamodb/item-size";
import type { TransactionWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import { Failure } from "#kernel/failure";

/**
 * One action: a `Put`, an `Update`, a `Delete` or a `ConditionCheck`.
 * Source: API_TransactWriteItem, Amazon DynamoDB API Reference.
 */
export type ItemWrite = TransactWriteItem;

/** By table: the names of its key's attributes. Needed only for items that are put. */
export type TableKeys = Readonly<Record<string, readonly string[]>>;

/** Of a table that is not named. */
const KEY_DEFAULT = ["pk", "sk"];

export type ItemWritesOptions = {
  readonly keys?: TableKeys | undefined;
  /** The table with the consumer's heads: what the consumer keeps there is its own. */
  readonly headsTable: string;
};

/**
 * `footprint` throws `Failure` `misconfigured` (halt) for an action that names no item, or one of
 * the consumer's own: its message halts its stream, since no repetition would mend it.
 */
export const itemWrites = ({ keys = {}, headsTable }: ItemWritesOptions): Writes => ({
  action: (write) => write,
  footprint(write) {
    const { TableName: table = "", key, content } = targetOf(write, keys);
    const sort = key["sk"]?.S ?? "";
    if (table === headsTable && OWN_PREFIXES.some((prefix) => sort.startsWith(prefix))) {
      throw wrong(`${sort} of ${table} belongs to a consumer; keep effects under other keys.`);
    }
    return { item: `${table}/${JSON.stringify(key)}`, bytes: itemBytes(content) };
  },
});

type Writes = TransactionWrites<ItemWrite>;

const OWN_PREFIXES = [ITEM_PREFIXES.head, ITEM_PREFIXES.parked, ITEM_PREFIXES.audit];

type Item = Readonly<Record<string, AttributeValue>>;
type Target = {
  readonly TableName: string | undefined;
  readonly key: Item;
  readonly content: Item;
};

function targetOf(write: ItemWrite, keys: TableKeys): Target {
  const { Put, Update, Delete, ConditionCheck } = write;
  if (Put?.Item !== undefined) {
    const { TableName, Item: content } = Put;
    return { TableName, content, key: keyIn(content, TableName ?? "", keys) };
  }
  const keyed = Update ?? Delete ?? ConditionCheck;
  if (keyed?.Key === undefined) {
    const kinds = Object.keys(write).join(", ") || "nothing";
    throw wrong(`an effect is a Put with its Item, or has a Key; received ${kinds}.`);
  }
  const { TableName, Key, ExpressionAttributeValues: values = {} } = keyed;
  // What an update leaves in place counts too, and only the table knows it: what is too large then
  // is refused there.
  return { TableName, key: inOneOrder(Key), content: { ...Key, ...values } };
}

function keyIn(item: Item, table: string, keys: TableKeys): Item {
  const names = keys[table] ?? KEY_DEFAULT.filter((name) => name in item);
  if (names.length > 0 && names.every((name) => name in item)) {
    return inOneOrder(Object.fromEntries(Object.entries(item).filter(([n]) => names.includes(n))));
  }
  const expected = (keys[table] ?? KEY_DEFAULT).join(" and ");
  const received = Object.keys(item).join(", ");
  throw wrong(
    `an item put into ${table} lacks ${expected}: give the consumer \`keys\` with the key ` +
      `attributes of that table. The item has ${received}.`,
  );
}

/** The same item has one name, however its key is written down. */
const inOneOrder = (key: Item): Item =>
  Object.fromEntries(Object.entries(key).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const wrong = (what: string): Failure =>
  new Failure("misconfigured", "halt", `The handler's writes: ${what}`);
