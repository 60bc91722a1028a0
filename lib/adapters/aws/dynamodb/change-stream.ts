/**
 * Between a DynamoDB stream's vocabulary and the relay's: which records are commits, and what the others are.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { Failure, isFailure } from "#kernel/failure";
import type { Change } from "#messaging";
import { commitOf } from "./commit-items.ts";

/** Only an item that was inserted can be a commit: heads are replaced, and TTL removals are not events. */
export function changeOf({ dynamodb, eventName }: DynamoDBRecord): Change {
  const position = dynamodb?.SequenceNumber ?? "";
  const image = dynamodb?.NewImage;
  if (eventName !== "INSERT" || image === undefined) return { position, content: { kind: "other" } };
  try {
    // Lambda's type and the SDK's describe the same JSON.
    const commit = commitOf(image as Record<string, AttributeValue>);
    const content = commit === undefined ? { kind: "other" as const } : { kind: "commit" as const, commit };
    return { position, content };
  } catch (error) {
    return { position, content: { kind: "unreadable", failure: unreadable(error) } };
  }
}

const unreadable = (cause: unknown): Failure =>
  isFailure(cause)
    ? cause
    : new Failure("unexpected", "retry", "A record of the change stream cannot be read.", { cause });
