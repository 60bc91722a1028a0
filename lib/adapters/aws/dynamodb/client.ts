/**
 * One DynamoDB client per sandbox: its connections outlive an invocation. Region and endpoint come
 * from the SDK's own settings.
 */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { REQUEST_LIMITS } from "../request-limits.ts";
import { noticeLostAnswers } from "./lost-answers.ts";

let client: DynamoDBClient | undefined;

export function dynamoClient(): DynamoDBClient {
  client ??= noticeLostAnswers(new DynamoDBClient(REQUEST_LIMITS));
  return client;
}
