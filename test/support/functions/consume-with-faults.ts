/**
 * The fulfilment consumer with the faults that a test asks for: its process dies right after a
 * commit, before the queue hears of it; or one stream is slow until another one has been written.
 * The use case, the stores and the commit are those of `functions/orders/consume.ts`.
 */
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { appendWrites, dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { FULFILMENT_CONSUMER } from "#adapters/aws/dynamodb/order-records";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { milliseconds } from "#kernel/units";
import { orderedConsumer } from "#lambda/ordered-consumer";
import type { AppendWrite, EventStore, HeadStore } from "#messaging";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import { takeFault } from "./asked-faults.ts";

const { ORDERS_TABLE } = config("ORDERS_TABLE");
const orders = { client: dynamoClient(), table: ORDERS_TABLE };

export const handler = orderedConsumer({
  handler: fulfilmentHandler(slowWhenAsked(dynamoEventStore(orders))),
  writes: appendWrites(ORDERS_TABLE),
  heads: killedWhenAsked(
    dynamoHeadStore({
      ...orders,
      consumer: FULFILMENT_CONSUMER,
      writes: appendWrites(ORDERS_TABLE),
    }),
  ),
  telemetry: telemetry(SERVICES.fulfilment),
});

function killedWhenAsked(store: HeadStore<AppendWrite>): HeadStore<AppendWrite> {
  return {
    ...store,
    async commit(commit) {
      const answer = await store.commit(commit);
      const { stream } = commit.head;
      const isKilled =
        answer.kind === "committed" && (await takeFault(ORDERS_TABLE, stream, "killed"));
      if (isKilled) process.exit(1);
      return answer;
    },
  };
}

const LOOKS_MAX = 20;
const LOOK_EVERY = milliseconds(50);

/** Says in the table what it has seen while it was slow. */
function slowWhenAsked(store: Pick<EventStore, "read">): Pick<EventStore, "read"> {
  return {
    async read(stream, ...rest) {
      if (await takeFault(ORDERS_TABLE, stream, "slow")) {
        for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
          const other = await item(stream, "other");
          if (
            other !== undefined &&
            (await item(other, `head#${FULFILMENT_CONSUMER}`)) !== undefined
          ) {
            await note(stream, "saw-other");
            break;
          }
          await systemClock.sleep(LOOK_EVERY);
        }
      }
      return await store.read(stream, ...rest);
    },
  };
}

/** Its text, where it has one. */
async function item(stream: string, sk: string): Promise<string | undefined> {
  const { Item } = await orders.client.send(
    new GetItemCommand({
      TableName: ORDERS_TABLE,
      Key: { pk: { S: stream }, sk: { S: sk } },
      ConsistentRead: true,
    }),
  );
  return Item === undefined ? undefined : (Item["text"]?.S ?? "");
}

const note = (stream: string, sk: string): Promise<unknown> =>
  orders.client.send(
    new PutItemCommand({ TableName: ORDERS_TABLE, Item: { pk: { S: stream }, sk: { S: sk } } }),
  );
