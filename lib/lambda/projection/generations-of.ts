/**
 * The generations of a projection that stands in a table of its own.
 */
import {
  dynamoGenerations,
  type GenerationStoreProps,
} from "#adapters/aws/dynamodb/generation-store";
import { systemClock } from "#kernel/clock";
import { type KnownGenerations, knownGenerations } from "./generations.ts";

/** Each reads the item once for a while; where two are in one sandbox, each for itself. */
export const generationsOf = (place: GenerationStoreProps): KnownGenerations =>
  knownGenerations({ store: dynamoGenerations(place), clock: systemClock });
