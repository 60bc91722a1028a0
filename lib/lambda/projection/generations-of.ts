/**
 * The generations of a projection that stands in a table of its own.
 */
import {
  dynamoGenerations,
  type GenerationStoreProps,
} from "#adapters/aws/dynamodb/generation-store";
import { type Clock, systemClock } from "#kernel/clock";
import { type KnownGenerations, knownGenerations } from "./generations.ts";

/** Each reads the item once for a while; where two are in one sandbox, each for itself. */
export const generationsOf = ({
  clock = systemClock,
  ...place
}: GenerationStoreProps & {
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "now">;
}): KnownGenerations => knownGenerations({ store: dynamoGenerations(place), clock });
