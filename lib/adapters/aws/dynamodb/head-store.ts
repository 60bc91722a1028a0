/**
 * Heads in DynamoDB: one item per stream and consumer, fenced by its version; its effects in the
 * same transaction.
 *
 *     pk <stream>   sk head#<consumer>   version, head (its text), attention, attentionAt,
 *                                        attributes of a fold's index
 *
 * What is beside it has keys of `head-keys.ts`.
 */
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { ATTENTION_INDEX } from "#contracts/indexes";
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import {
  type CommitAnswer,
  decodeHead,
  encodeHead,
  type Head,
  type HeadCommit,
  type HeadStore,
  type Message,
} from "#messaging";
import { backOff } from "../backoff.ts";
import { besideAction, headSort, parkedSort, storedMessage } from "./head-keys.ts";
import { attentionOf } from "./head-index.ts";
import { itemBytes } from "./item-size.ts";
import { answerWasLost } from "./lost-answers.ts";
import { isThrottledTransaction, storeFailure } from "./failures.ts";
import type { TransactionWrites } from "./transaction-writes.ts";

export type HeadStoreProps<Write> = {
  readonly client: DynamoDBClient;
  readonly table: string;
  /**
   * No other consumer of the same table may have the same name. 1 to 256 characters without `#`;
   * else `misconfigured` (reject), at once.
   */
  readonly consumer: string;
  /** The name under which heads that need somebody are found. Default: the consumer's. */
  readonly listedAs?: string;
  readonly writes: TransactionWrites<Write>;
  /** Attributes written beside a fold's state, so that an index makes it a read model. */
  readonly index?: (state: Json) => Readonly<Record<string, string>>;
  /** For the pauses between repetitions. Default: the system's. */
  readonly clock?: Clock;
};

/**
 * A transaction takes 100 actions and 4 MB, an item 400 KB (API_TransactWriteItems); the head and
 * what one message leaves beside it need their share.
 */
const WRITES_MAX = 90;
const TRANSACTION_BYTES_MAX = 3_700_000;
const ITEM_BYTES_MAX = 400_000;

/**
 * The SDK repeats throttled requests, but not a transaction that met another one on the same item.
 */
const CONFLICTS_MAX = 3;

/** Names of an item's own attributes, which an index may not take. */
const OWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  "pk",
  "sk",
  "version",
  "head",
  ATTENTION_INDEX.partitionKey,
  ATTENTION_INDEX.sortKey,
]);

/** A batch answers what it has room and capacity for; the rest is asked for again. */
const PARKED_READS_MAX = 10;

type Action = TransactWriteItem;

export function dynamoHeadStore<Write = never>(props: HeadStoreProps<Write>): HeadStore<Write> {
  const { client, table, writes, clock = systemClock } = props;
  const sortKey = headSort(props.consumer);

  const actionsBeside = ({ beside = [], head }: HeadCommit<Write>): Action[] =>
    beside.map((write, index) => besideAction(props, head, write, index));

  const request = (
    { writes: ofEffect, head }: HeadCommit<Write>,
    put: Put,
    beside: readonly Action[],
  ): Promise<unknown> => {
    if (ofEffect.length + beside.length === 0) return client.send(new PutItemCommand(put));
    const actions = ofEffect.map((write) => writes.action(write, head.attemptId));
    // The SDK gives it a request token, the same for its own repetitions; ours rely on the fence
    // and `attemptId`.
    const TransactItems = [{ Put: put }, ...actions, ...beside];
    return client.send(new TransactWriteItemsCommand({ TransactItems }));
  };

  return {
    bounds: {
      writesMax: WRITES_MAX,
      bytesMax: TRANSACTION_BYTES_MAX,
      writeBytesMax: ITEM_BYTES_MAX,
      footprint: (write) => writes.footprint(write),
    },

    async read(stream) {
      const key = { pk: { S: stream }, sk: { S: sortKey } };
      const { Item } = await client
        .send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))
        .catch((error: unknown) => {
          throw storeFailure(error);
        });
      return Item === undefined ? undefined : headOf(Item, stream);
    },

    readParked: (stream, sequences) => parkedBeside(props, stream, sequences),

    async commit(commit) {
      const put = headPut(props, sortKey, commit);
      const beside = actionsBeside(commit);
      const bytes = Math.max(...[put, ...beside.map(({ Put }) => Put)].map(putBytes));
      if (bytes > ITEM_BYTES_MAX) return { kind: "too-large", bytes, bytesMax: ITEM_BYTES_MAX };
      for (let conflicts = 0; ; conflicts += 1) {
        try {
          await request(commit, put, beside);
          return { kind: "committed" };
        } catch (error) {
          const answer = answerTo(error, commit.head);
          if (answer !== undefined) return answer;
          const mayRepeat = isThrottledTransaction(error) && !answerWasLost(error);
          if (!mayRepeat || conflicts === CONFLICTS_MAX) throw storeFailure(error);
        }
        await backOff(clock, conflicts);
      }
    },
  };
}

async function parkedBeside(
  { client, table, consumer, clock = systemClock }: Omit<HeadStoreProps<unknown>, "writes">,
  stream: string,
  sequences: readonly number[],
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let Keys = sequences.map((sequence) => ({
    pk: { S: stream },
    sk: { S: parkedSort(consumer, sequence) },
  }));
  for (let round = 0; Keys.length > 0; round += 1) {
    if (round === PARKED_READS_MAX) throw tooBusy(stream);
    const RequestItems = { [table]: { Keys, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client
      .send(new BatchGetItemCommand({ RequestItems }))
      .catch((error: unknown) => {
        throw storeFailure(error);
      });
    messages.push(...(Responses?.[table] ?? []).map((item) => storedMessage(item, stream)));
    Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys;
    if (Keys.length > 0) await backOff(clock, round);
  }
  return messages;
}

/** @throws Failure as `decodeHead`, also for an item without a head's text. */
export const headOf = (
  item: Readonly<Record<string, { readonly S?: string | undefined }>>,
  stream: string,
): Head => decodeHead(item["head"]?.S ?? "", stream);

const tooBusy = (stream: string): Failure =>
  new Failure(
    "store-throttled",
    "retry",
    `Parked bodies of stream ${JSON.stringify(stream)} were not all answered in ` +
      `${PARKED_READS_MAX} requests.`,
  );

function headPut<Write>(
  { table, index, consumer, listedAs = consumer }: HeadStoreProps<Write>,
  sortKey: string,
  { head, over = head.version - 1 }: Pick<HeadCommit<Write>, "head" | "over">,
): Put & { readonly Item: Record<string, AttributeValue> } {
  const Item: Record<string, AttributeValue> = {
    pk: { S: head.stream },
    sk: { S: sortKey },
    version: { N: String(head.version) },
    head: { S: encodeHead(head) },
  };
  if (index !== undefined && head.state !== undefined) {
    addIndexAttributes(Item, index(head.state), consumer);
  }
  Object.assign(Item, attentionOf(head, listedAs));
  const put = { TableName: table, Item, ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
  return over === 0
    ? { ...put, ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ...put,
        ConditionExpression: "#version = :read",
        ExpressionAttributeNames: { "#version": "version" },
        ExpressionAttributeValues: { ":read": { N: String(over) } },
      };
}

function addIndexAttributes(
  item: Record<string, AttributeValue>,
  indexed: Readonly<Record<string, string>>,
  consumer: string,
): void {
  for (const [name, value] of Object.entries(indexed)) {
    if (OWN_ATTRIBUTES.has(name)) {
      const message = `The index of consumer ${consumer} may not set the head's own "${name}".`;
      throw new Failure("misconfigured", "reject", message);
    }
    item[name] = { S: value };
  }
}

/** DynamoDB would refuse a larger item as invalid, which says nothing of whose fault it is. */
const putBytes = (put: Pick<Put, "Item"> | undefined): number =>
  put?.Item === undefined ? 0 : itemBytes(put.Item);

/** Undefined when the error decides nothing. */
function answerTo(error: unknown, head: HeadCommit<never>["head"]): CommitAnswer | undefined {
  if (error instanceof ConditionalCheckFailedException) return fencedBy(error.Item, head);
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const [ofHead, ...ofWrites] = error.CancellationReasons ?? [];
  if (ofHead?.Code === "ConditionalCheckFailed") return fencedBy(ofHead.Item, head);
  // Whoever is on the head right now may be what made a write's condition fail: then it is too
  // early to tell.
  const isDecided = !isThrottledTransaction(error);
  const isRefused = ofWrites.some(({ Code }) => Code === "ConditionalCheckFailed");
  return isDecided && isRefused ? { kind: "refused" } : undefined;
}

function fencedBy(
  item: Readonly<Record<string, AttributeValue>> | undefined,
  head: HeadCommit<never>["head"],
): CommitAnswer {
  const current = item === undefined ? undefined : headOf(item, head.stream);
  // The client repeats a request whose answer was lost, and is then fenced by its own write.
  if (current?.attemptId === head.attemptId) return { kind: "committed" };
  return { kind: "fenced", current };
}
