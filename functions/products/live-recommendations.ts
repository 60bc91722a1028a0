/**
 * What is bought together as it is read now, whichever generation of the counts that is.
 */
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import {
  dynamoRecommendations,
  type RecommendationsProps,
} from "#adapters/aws/dynamodb/recommendations";
import { systemClock } from "#kernel/clock";
import { type KnownGenerations, knownGenerations } from "#lambda/projection/generations";
import type { Recommendations } from "#services/products/recommendation-ports";

type Place = Omit<RecommendationsProps, "generation">;

export const generationsOf = (place: Place): KnownGenerations =>
  knownGenerations({ store: dynamoGenerations(place), clock: systemClock });

export function liveRecommendations(place: Place): Recommendations {
  const generations = generationsOf(place);
  return {
    boughtWith: (sku, limit) =>
      generations.reading((live) =>
        dynamoRecommendations({ ...place, generation: live }).boughtWith(sku, limit),
      ),
  };
}
