/**
 * Heads in DynamoDB: one item per stream and consumer, fenced by its version; its effects in the same transaction.
 *
 *     <stream>    head#<consumer>    version, attemptId, head (its text), dueAt, attributes of an index
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { Json } from "#kernel/json";
import { type CommitAnswer, type Head, type HeadCommit, type HeadStore } from "#messaging";
import { decodeHead, encodeHead } from "#messaging/head-codec";
import { storeFailure } from "./failures.ts";
import type { TransactionWrites } from "./transaction-writes.ts";

export type HeadStoreProps<Write> = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** No other consumer of the same table may have the same name. */
  readonly consumer: string;
  readonly writes: TransactionWrites<Write>;
  /** Attributes written beside a fold's state, so that an index makes it a read model. */
  readonly index?: (state: Json) => Readonly<Record<string, string>>;
};

/** A transaction takes 100 actions and 4 MB, an item 400 KB; the head needs its share (API_TransactWriteItems). */
const WRITES_MAX = 99;
const TRANSACTION_BYTES_MAX = 3_500_000;
const ITEM_BYTES_MAX = 400_000;

export function dynamoHeadStore<Write = never>(props: HeadStoreProps<Write>): HeadStore<Write> {
  const { client, table, writes } = props;
  const sortKey = `head#${props.consumer}`;

  return {
    bounds: {
      writesMax: WRITES_MAX,
      bytesMax: TRANSACTION_BYTES_MAX,
      writeBytesMax: ITEM_BYTES_MAX,
      footprint: (write) => ({
        item: writes.item(write),
        bytes: Buffer.byteLength(JSON.stringify(writes.action(write))),
      }),
    },

    async read(stream) {
      const { Item } = await client
        .send(
          new GetItemCommand({
            TableName: table,
            Key: { pk: { S: stream }, sk: { S: sortKey } },
            ConsistentRead: true,
          }),
        )
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      return Item === undefined ? undefined : headOf(Item, stream);
    },

    async commit(commit) {
      const put = headPut(props, sortKey, commit);
      try {
        if (commit.writes.length === 0) {
          await client.send(new PutItemCommand(put));
        } else {
          const actions = commit.writes.map((write) => writes.action(write));
          await client.send(
            new TransactWriteItemsCommand({ TransactItems: [{ Put: put }, ...actions] }),
          );
        }
        return { kind: "committed" };
      } catch (error) {
        return answerTo(error, commit.head);
      }
    },
  };
}

/** Undefined for text that is missing: then the item is none of ours. */
export const headOf = (item: Record<string, AttributeValue>, stream: string): Head =>
  decodeHead(item["head"]?.S ?? "", stream);

function headPut<Write>(
  { table, index }: HeadStoreProps<Write>,
  sortKey: string,
  { head }: HeadCommit<Write>,
) {
  const indexed = index === undefined || head.state === undefined ? {} : index(head.state);
  return {
    TableName: table,
    Item: {
      ...Object.fromEntries(Object.entries(indexed).map(([name, value]) => [name, { S: value }])),
      pk: { S: head.stream },
      sk: { S: sortKey },
      version: { N: String(head.version) },
      head: { S: encodeHead(head) },
    },
    ...(head.version === 1
      ? { ConditionExpression: "attribute_not_exists(pk)" }
      : {
          ConditionExpression: "#version = :read",
          ExpressionAttributeNames: { "#version": "version" },
          ExpressionAttributeValues: { ":read": { N: String(head.version - 1) } },
        }),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
  };
}

function answerTo(error: unknown, head: HeadCommit<never>["head"]): CommitAnswer {
  if (error instanceof ConditionalCheckFailedException) return fencedBy(error.Item, head);
  if (!(error instanceof TransactionCanceledException)) throw storeFailure(error);
  const [ofHead, ...ofWrites] = error.CancellationReasons ?? [];
  if (ofHead?.Code === "ConditionalCheckFailed") return fencedBy(ofHead.Item, head);
  const isRefused = ofWrites.some(({ Code }) => Code === "ConditionalCheckFailed");
  if (isRefused) return { kind: "refused" };
  throw storeFailure(error);
}

function fencedBy(
  item: Record<string, AttributeValue> | undefined,
  head: HeadCommit<never>["head"],
): CommitAnswer {
  const current = item === undefined ? undefined : headOf(item, head.stream);
  // The client repeats a request whose answer was lost, and is then fenced by its own write.
  if (current?.attemptId === head.attemptId) return { kind: "committed" };
  return { kind: "fenced", current };
}
