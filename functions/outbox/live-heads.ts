/**
 * Where a projection that can be made anew has its positions: in the generation that is read.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { consumerIn } from "#contracts/projection";
import { systemClock } from "#kernel/clock";
import { knownGenerations } from "#lambda/projection/generations";
import type { Reader } from "#messaging";

export function liveHeads(consumer: string, table: string): Reader["heads"] {
  const place = { client: dynamoClient(), table };
  const generations = knownGenerations({ store: dynamoGenerations(place), clock: systemClock });
  return {
    read: (stream) =>
      generations.reading((live) =>
        dynamoHeadStore({
          ...place,
          consumer: consumerIn(consumer, live),
          writes: noWrites,
        }).read(stream),
      ),
  };
}
