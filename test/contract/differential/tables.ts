/**
 * The simulator's table beside one of DynamoDB in the local cloud: items of one text, written under
 * conditions, alone and in transactions.
 */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { MemoryWrite } from "#adapters/memory/table";
import { isFailure } from "#kernel/failure";
import { type Rng, shuffled } from "#kernel/rng";
import { type SimulatedTable, simulatedTable } from "#simulation/table";
import { createLocalTable } from "../../support/local-table.ts";
import { drawn, oneOf, type Pair, type Step } from "./side-by-side.ts";

const PARTITIONS = ["a", "ab", "é\n"];
const SORTS = ["x#1", "x#2", "x#10", "y#1", "x", "z"];
const TEXTS = ["1", "2", 'é\u0000"\uD83D\uDE00', ""];

export const TABLE_STEPS = {
  put: 4,
  update: 2,
  delete: 3,
  transact: 5,
  twice: 0.5,
  get: 2,
  batch: 1,
  query: 3,
};

type Condition = "none" | "absent" | "present" | { readonly equals: string };

type Write = {
  readonly partition: string;
  readonly sort: string;
  /** Undefined: a delete. */
  readonly text: string | undefined;
  readonly condition: Condition;
};

export async function tablePair(): Promise<Pair> {
  const { client, table } = await createLocalTable("differential");
  return new Tables(client, table);
}

class Tables implements Pair {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  readonly #model: SimulatedTable;
  #now = 0;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
    this.#model = simulatedTable({ now: () => this.#now });
  }

  async step(rng: Rng): Promise<Step> {
    this.#now += 1;
    const kind = drawn(TABLE_STEPS, rng);
    const write = drawnWrite(rng);
    switch (kind) {
      case "put":
        return this.#write(kind, [{ ...write, text: write.text ?? "1" }]);
      case "update":
        return this.#write(kind, [{ ...write, text: write.text ?? "2" }]);
      case "delete":
        return this.#write(kind, [{ ...write, text: undefined }]);
      case "transact":
        return this.#write(kind, drawnTransaction(rng));
      case "twice":
        return this.#write(kind, [write, { ...write, condition: "none" }]);
      case "get":
        return this.#get(write);
      case "batch":
        return this.#batch(PARTITIONS.map((partition) => ({ ...write, partition })));
      case "query":
        return this.#query(write.partition, oneOf(["x", "x#", "x#1", "y", "q"], rng) ?? "x");
      default:
        return kind satisfies never;
    }
  }

  async #write(kind: string, writes: readonly Write[]): Promise<Step> {
    const cloud = await this.#onCloud(kind, writes);
    const model = this.#onModel(writes);
    return { what: `${kind} ${JSON.stringify(writes)}`, answers: { model, cloud } };
  }

  /** By write: null, or what stands where its condition failed. */
  #onModel(writes: readonly Write[]): unknown {
    const standing: (string | null)[] = [];
    try {
      const refused = this.#model.write(
        writes.map((write, index): MemoryWrite => {
          const { partition, sort, text, condition } = write;
          return {
            partition,
            sort,
            text,
            condition(found) {
              standing[index] = found ?? null;
              return holds(condition, found);
            },
          };
        }),
      );
      if (refused.length === 0) return "written";
      return writes.map((_, index) => (refused.includes(index) ? [standing[index]] : null));
    } catch (error) {
      return isFailure(error) ? "invalid" : String(error);
    }
  }

  async #onCloud(kind: string, writes: readonly Write[]): Promise<unknown> {
    const [first] = writes;
    if (first === undefined) throw new Error("there is nothing to write");
    try {
      if (kind === "put") await this.#client.send(new PutItemCommand(this.#put(first)));
      else if (kind === "update")
        await this.#client.send(new UpdateItemCommand(this.#update(first)));
      else if (kind === "delete")
        await this.#client.send(new DeleteItemCommand(this.#delete(first)));
      else {
        const TransactItems = writes.map((write) => this.#action(write));
        await this.#client.send(new TransactWriteItemsCommand({ TransactItems }));
      }
      return "written";
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return [[textOf(error.Item)]];
      if (error instanceof TransactionCanceledException) {
        return (error.CancellationReasons ?? []).map(({ Code, Item }) =>
          Code === "ConditionalCheckFailed" ? [textOf(Item)] : null,
        );
      }
      if (error instanceof Error && error.name === "ValidationException") return "invalid";
      throw error;
    }
  }

  #action(write: Write): TransactWriteItem {
    return write.text === undefined ? { Delete: this.#delete(write) } : { Put: this.#put(write) };
  }

  #put(write: Write) {
    const Item = { ...keyOf(write), text: { S: write.text ?? "" } };
    return { TableName: this.#name, Item, ...conditionOf(write.condition) };
  }

  #delete(write: Write) {
    return { TableName: this.#name, Key: keyOf(write), ...conditionOf(write.condition) };
  }

  #update(write: Write) {
    const { ExpressionAttributeValues, ...condition } = conditionOf(write.condition);
    return {
      TableName: this.#name,
      Key: keyOf(write),
      UpdateExpression: "SET #text = :new",
      ...condition,
      ExpressionAttributeNames: { "#text": "text" },
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ":new": { S: write.text ?? "" } },
    };
  }

  async #get(write: Write): Promise<Step> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#name, Key: keyOf(write), ConsistentRead: true }),
    );
    const model = this.#model.get(write.partition, write.sort) ?? null;
    const what = `get ${write.partition}/${write.sort}`;
    return { what, answers: { model, cloud: textOf(Item) } };
  }

  async #batch(writes: readonly Write[]): Promise<Step> {
    const Keys = writes.map(keyOf);
    const RequestItems = { [this.#name]: { Keys, ConsistentRead: true } };
    const { Responses } = await this.#client.send(new BatchGetItemCommand({ RequestItems }));
    const items = Responses?.[this.#name] ?? [];
    const cloud = writes.map(({ partition }) =>
      textOf(items.find(({ pk }) => pk?.S === partition)),
    );
    const model = writes.map(({ partition, sort }) => this.#model.get(partition, sort) ?? null);
    return { what: `batch ${writes[0]?.sort}`, answers: { model, cloud } };
  }

  async #query(partition: string, prefix: string): Promise<Step> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#name,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ExpressionAttributeValues: { ":pk": { S: partition }, ":prefix": { S: prefix } },
      }),
    );
    const model = this.#model.query(partition, prefix);
    const what = `query ${partition}/${prefix}`;
    return { what, answers: { model, cloud: Items.map(textOf) } };
  }
}

const keyOf = ({ partition, sort }: Pick<Write, "partition" | "sort">) => ({
  pk: { S: partition },
  sk: { S: sort },
});

const textOf = (
  item: Readonly<Record<string, { readonly S?: string | undefined }>> | undefined,
): string | null => item?.["text"]?.S ?? null;

function drawnWrite(rng: Rng): Write {
  const text = oneOf(TEXTS, rng) ?? "1";
  const condition = oneOf<Condition>(
    ["none", "absent", "present", { equals: oneOf(TEXTS, rng) ?? "1" }],
    rng,
  );
  return {
    partition: oneOf(PARTITIONS, rng) ?? "a",
    sort: oneOf(SORTS, rng) ?? "x",
    text: rng.int(4) === 0 ? undefined : text,
    condition: condition ?? "none",
  };
}

/** Each on an item of its own; most conditions hold on a table that is half full. */
const drawnTransaction = (rng: Rng): readonly Write[] =>
  shuffled(SORTS, rng)
    .slice(0, 1 + rng.int(4))
    .map((sort) => ({ ...drawnWrite(rng), sort }));

function holds(condition: Condition, standing: string | undefined): boolean {
  switch (condition) {
    case "none":
      return true;
    case "absent":
      return standing === undefined;
    case "present":
      return standing !== undefined;
    default:
      return standing === condition.equals;
  }
}

function conditionOf(condition: Condition) {
  const ReturnValuesOnConditionCheckFailure = "ALL_OLD" as const;
  switch (condition) {
    case "none":
      return {};
    case "absent":
      return {
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure,
      };
    case "present":
      return { ConditionExpression: "attribute_exists(pk)", ReturnValuesOnConditionCheckFailure };
    default:
      return {
        ConditionExpression: "#text = :old",
        ExpressionAttributeNames: { "#text": "text" },
        ExpressionAttributeValues: { ":old": { S: condition.equals } },
        ReturnValuesOnConditionCheckFailure,
      };
  }
}
