/**
 * Items of any table, beside the heads in one table in memory: what the SDK's actions of a
 * transaction do to them, with their conditions.
 */
import type { MemoryTable, MemoryWrite } from "#adapters/memory/table";
import { Failure } from "#kernel/failure";
import { holds, type Item, updated } from "../expressions.ts";
import { canonical } from "./canonical.ts";
import type { SimulatedItem, SimulatedWrite } from "./subject.ts";

/** Sort key of every item that is no consumer's own. */
export const ITEM_SORT = "item";

const KEY_DEFAULT = ["pk", "sk"];

export type TableKeys = Readonly<Record<string, readonly string[]>>;

/** Answers undefined for none. */
export function itemIn(
  memory: Pick<MemoryTable, "get">,
  table: string,
  key: SimulatedItem,
): SimulatedItem | undefined {
  const text = memory.get(placeOf(table, key), ITEM_SORT);
  return text === undefined ? undefined : (JSON.parse(text) as SimulatedItem);
}

/** All of them, in one order. */
export const itemsIn = (memory: Pick<MemoryTable, "scan">): readonly string[] =>
  memory.scan(ITEM_SORT).toSorted();

/**
 * What the action does, given what stands now. Errors: `misconfigured` (halt) for an action that
 * names no item, or says what the simulator does not read.
 */
export const asMemory =
  (memory: Pick<MemoryTable, "get">, keys: TableKeys = {}) =>
  (write: SimulatedWrite): MemoryWrite => {
    const { Put, Update, Delete, ConditionCheck } = write;
    const action = Put ?? Update ?? Delete ?? ConditionCheck;
    const table = action?.TableName ?? "";
    const key = Put?.Item === undefined ? keyOf(write) : keyIn(Put.Item as Item, table, keys);
    const partition = placeOf(table, key);
    const placeholders = {
      names: action?.ExpressionAttributeNames ?? {},
      values: (action?.ExpressionAttributeValues ?? {}) as Item,
    };
    const standing = memory.get(partition, ITEM_SORT);
    const condition = action?.ConditionExpression;
    return {
      partition,
      sort: ITEM_SORT,
      text: textAfter(write, standing, key, placeholders),
      condition: (text) =>
        condition === undefined ||
        holds(condition, text === undefined ? {} : (JSON.parse(text) as Item), placeholders),
    };
  };

function textAfter(
  { Put, Update, Delete }: SimulatedWrite,
  standing: string | undefined,
  key: SimulatedItem,
  placeholders: Parameters<typeof updated>[2],
): string | undefined {
  if (Put !== undefined) return canonical(Put.Item);
  if (Delete !== undefined) return undefined;
  if (Update === undefined) return standing;
  const before = standing === undefined ? key : (JSON.parse(standing) as Item);
  return canonical(updated(Update.UpdateExpression ?? "", before, placeholders));
}

const placeOf = (table: string, key: SimulatedItem): string => `${table} ${canonical(key)}`;

function keyOf({ Update, Delete, ConditionCheck }: SimulatedWrite): SimulatedItem {
  const key = (Update ?? Delete ?? ConditionCheck)?.Key;
  if (key !== undefined) return key as SimulatedItem;
  throw unfit("an effect is a Put with its Item, or has a Key");
}

function keyIn(item: Item, table: string, keys: TableKeys): SimulatedItem {
  const names = keys[table] ?? KEY_DEFAULT.filter((name) => name in item);
  const parts = Object.entries(item).filter(([name]) => names.includes(name));
  if (parts.length > 0 && parts.length === names.length) return Object.fromEntries(parts);
  throw unfit(`an item of ${table} lacks its key; give \`keys\` with the key attributes`);
}

const unfit = (what: string): Failure =>
  new Failure("misconfigured", "halt", `The handler's writes: ${what}.`);
