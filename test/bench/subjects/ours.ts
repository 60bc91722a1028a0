/**
 * The library as it is deployed: the entry point of an SQS function, the ordered consumer, and the
 * head store over DynamoDB, with every check on. Only telemetry is silent, as it is on the other
 * side.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { randomIds } from "#kernel/ids";
import {
  type ConsumerSettings,
  type DeadLetters,
  type FoldHandler,
  type Message,
  type OrderedConsumer,
  orderedConsumer,
} from "#messaging";
import { queueFunction } from "#runtime/queue-function";
import type { Telemetry } from "#runtime/telemetry";
import { TABLES } from "../store/table.ts";
import { unhurriedContext } from "../traffic.ts";
import type { Subject } from "./subject.ts";

export type Account = { readonly balance: number; readonly payments: number };

/** The business: the fold that both sides carry out, each in its own way. */
export const accountFold: FoldHandler<Account> = {
  kind: "fold",
  initial: { balance: 0, payments: 0 },
  evolve({ balance, payments }, { id, data }: Message) {
    if (data["poison"] === "permanent") throw new Failure("conflict", "halt", `${id} is poison`);
    if (data["poison"] === "transient") throw new Error(`${id} cannot be applied now`);
    return { balance: balance + Number(data["amount"]), payments: payments + 1 };
  },
};

const nothing = (): void => undefined;

const silentTelemetry: Telemetry = {
  logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  correlate: nothing,
  count: nothing,
  milliseconds: nothing,
  flush: nothing,
};

export const noDeadLetters: DeadLetters = {
  bury: (_, cause) => Promise.reject(new Error(`Nothing here is dead-lettered: ${cause}`)),
};

export const startOurs = (
  client: DynamoDBClient,
  settings: Partial<ConsumerSettings> = {},
): Subject =>
  lambdaSubject(
    orderedConsumer({
      handler: accountFold,
      heads: dynamoHeadStore({
        client,
        table: TABLES.heads,
        consumer: "accounts",
        writes: noWrites,
      }),
      deadLetters: noDeadLetters,
      clock: systemClock,
      newId: randomIds,
      settings,
    }),
  );

export function lambdaSubject(consumer: OrderedConsumer): Subject {
  const handler = queueFunction(
    {
      service: SERVICES.orderList,
      consume: (records, deadline) => consumer.consume(records, deadline),
    },
    { telemetry: silentTelemetry },
  );
  return {
    async handle(event) {
      const { batchItemFailures } = await handler(event, unhurriedContext);
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
