/**
 * What is compared: two ways to consume the same events with the same store and the same business,
 * a running balance per account.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSEvent } from "aws-lambda";

export type Subject = {
  /** Answers the message ids that are to be delivered again. */
  handle(event: SQSEvent): Promise<readonly string[]>;
};

/** A cold start: everything that stands outside of a handler. */
export type StartSubject = (client: DynamoDBClient) => Subject;

/** What a message's data must say to make a handler fail. */
export type Poison = "transient" | "permanent";
