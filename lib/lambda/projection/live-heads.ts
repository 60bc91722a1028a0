/**
 * Where a projection that can be made anew has its positions: in the generation that is read.
 */
import type { GenerationStoreProps } from "#adapters/aws/dynamodb/generation-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { consumerIn } from "#contracts/projection";
import type { HeadStore } from "#messaging";
import type { KnownGenerations } from "./generations.ts";
import { generationsOf } from "./generations-of.ts";

/** Errors: those of the heads and of `KnownGenerations`. */
export function liveHeads(
  place: GenerationStoreProps,
  consumer: string,
  generations: Pick<KnownGenerations, "reading"> = generationsOf(place),
): Pick<HeadStore, "read" | "readParked"> {
  const headsOf = (generation: number) =>
    dynamoHeadStore({ ...place, consumer: consumerIn(consumer, generation), writes: noWrites });
  return {
    read: (stream) => generations.reading((live) => headsOf(live).read(stream)),
    readParked: (stream, sequences) =>
      generations.reading((live) => headsOf(live).readParked(stream, sequences)),
  };
}
