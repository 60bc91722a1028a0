/**
 * The DynamoDB table of Powertools' own persistence layer, as the SDK client that it is given: the
 * layer's code runs unchanged, and its commands are carried out over a table in memory, over the
 * same network as everything else. A call that fails is what the SDK's own repetitions have left,
 * as it is behind our adapters.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type MemoryTable, memoryTable } from "#adapters/memory/table";
import { holds, updated } from "#simulation/expressions";

/** What happened to a record, for coverage and for the tests of the holes. */
export type RecordEvent =
  | "lock-taken"
  /** Over a lock whose holder's time was up. */
  | "lock-taken-over"
  | "record-outlived"
  | "result-replayed"
  | "lock-respected"
  | "completed"
  | "lock-released"
  /** The record was taken by somebody else since. */
  | "completed-by-stranger"
  | "released-by-stranger";

export type CallKind = "read" | "write";

/** Carries a call over; `effect` runs where it arrives. */
export type Carry = <Answer>(
  operation: string,
  kind: CallKind,
  effect: () => Answer,
) => Promise<Answer>;

export type IdempotencyTable = {
  /** @param owner who calls; tells one holder of a lock from the next. */
  client(owner: string, carry: Carry): DynamoDBClient;
  /** Unmarshalled as far as it is stored; by idempotency key. */
  records(): readonly Item[];
};

type Item = Readonly<Record<string, AttributeValue>>;

const PARTITION = "idempotency";

export function idempotencyTable(onEvent: (event: RecordEvent) => void): IdempotencyTable {
  const table: MemoryTable = memoryTable();
  const owners = new Map<string, string>();
  const standing = (key: string): Item | undefined => {
    const text = table.get(PARTITION, key);
    return text === undefined ? undefined : (JSON.parse(text) as Item);
  };
  const store = (key: string, item: Item | undefined): void => {
    const text = item === undefined ? undefined : JSON.stringify(item);
    table.write([{ partition: PARTITION, sort: key, text, condition: () => true }]);
  };

  const put = ({ input }: PutItemCommand, owner: string): void => {
    const { Item: item = {}, ConditionExpression: condition = "" } = input;
    const key = keyOf(item);
    const before = standing(key);
    const isAllowed = holds(condition, before ?? {}, placeholdersOf(input));
    onEvent(isAllowed ? takenEvent(before) : refusedEvent(before));
    if (!isAllowed) {
      throw new ConditionalCheckFailedException({
        message: "The conditional request failed",
        $metadata: {},
        ...(before === undefined ? {} : { Item: before }),
      });
    }
    owners.set(key, owner);
    store(key, item);
  };
  /** Without a condition, as the layer asks: what is not there is made, whoever's it is. */
  const update = ({ input }: UpdateItemCommand, owner: string): void => {
    const key = keyOf(input.Key);
    onEvent(owners.get(key) === owner ? "completed" : "completed-by-stranger");
    const before = standing(key) ?? input.Key ?? {};
    store(key, updated(input.UpdateExpression ?? "", before, placeholdersOf(input)) as Item);
  };
  const remove = ({ input }: DeleteItemCommand, owner: string): void => {
    const key = keyOf(input.Key);
    onEvent(owners.get(key) === owner ? "lock-released" : "released-by-stranger");
    store(key, undefined);
  };

  return {
    client: (owner, carry) =>
      clientOf((command) => {
        if (command instanceof PutItemCommand) {
          return carry("idempotency.put", "write", () => put(command, owner));
        }
        if (command instanceof UpdateItemCommand) {
          return carry("idempotency.update", "write", () => update(command, owner));
        }
        if (command instanceof DeleteItemCommand) {
          return carry("idempotency.delete", "write", () => remove(command, owner));
        }
        if (command instanceof GetItemCommand) {
          const key = keyOf(command.input.Key);
          return carry("idempotency.get", "read", () => ({ Item: standing(key) }));
        }
        throw new Error("A command that this model does not know");
      }),
    records: () => table.query(PARTITION, "").map((text) => JSON.parse(text) as Item),
  };
}

const keyOf = (item: Item | undefined): string => item?.["id"]?.S ?? "";

type Input = {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
};

const placeholdersOf = (input: Input) => ({
  names: input.ExpressionAttributeNames ?? {},
  values: input.ExpressionAttributeValues ?? {},
});

function takenEvent(before: Item | undefined): RecordEvent {
  if (before === undefined) return "lock-taken";
  return before["status"]?.S === "INPROGRESS" ? "lock-taken-over" : "record-outlived";
}

const refusedEvent = (before: Item | undefined): RecordEvent =>
  before?.["status"]?.S === "INPROGRESS" ? "lock-respected" : "result-replayed";

/** What the layer looks for in a client, and calls. */
function clientOf(send: (command: unknown) => Promise<unknown>): DynamoDBClient {
  const middlewareStack = { identify: () => [], addRelativeTo: () => undefined };
  return {
    config: {},
    middlewareStack,
    send: (command: unknown) => answered(send, command),
  } as unknown as DynamoDBClient;
}

/** A write answers nothing that the layer reads. */
const answered = async (
  send: (command: unknown) => Promise<unknown>,
  command: unknown,
): Promise<unknown> => (await send(command)) ?? {};
