/**
 * What a user of Powertools' `makeIdempotent` imports instead of its DynamoDB layer, under the name
 * that the code has already.
 */
export { FencedPersistenceLayer as DynamoDBPersistenceLayer } from "./fenced-persistence-layer.ts";
