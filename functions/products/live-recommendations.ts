/**
 * What is bought together as it is read now, whichever generation of the counts that is.
 */
import {
  dynamoRecommendations,
  type RecommendationsProps,
} from "#adapters/aws/dynamodb/recommendations";
import { generationsOf } from "#lambda/projection/generations-of";
import type { Recommendations } from "#services/products/recommendation-ports";

type Place = Omit<RecommendationsProps, "generation">;

export function liveRecommendations(place: Place): Recommendations {
  const generations = generationsOf(place);
  return {
    boughtWith: (sku, limit) =>
      generations.reading((live) =>
        dynamoRecommendations({ ...place, generation: live }).boughtWith(sku, limit),
      ),
  };
}
