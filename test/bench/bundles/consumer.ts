/**
 * What a function with an ordered consumer has to load: the library, its head store and its dead
 * letters. Bundled and loaded by the benchmark, never called.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { sqsClient } from "#adapters/aws/sqs/client";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { orderedConsumer } from "#messaging";

export const consumer = orderedConsumer({
  handler: { kind: "fold", initial: 0, evolve: (state: number) => state + 1 },
  heads: dynamoHeadStore({
    client: dynamoClient(),
    table: "heads",
    consumer: "accounts",
    writes: noWrites,
  }),
  deadLetters: sqsDeadLetters({ client: sqsClient(), queueUrl: "https://queue" }),
  clock: systemClock,
  newId: randomIds,
});
