/**
 * A table's change stream as the relay reads it. Only a commit that was added is an event: heads
 * are rewritten all the time, and what disappears (TTL, a repair) has happened nevertheless.
 */
import { type Change, failureOf } from "#messaging";
import { commitOf, type Image } from "./commit-items.ts";

/**
 * What is read of a record of the stream (Lambda's `DynamoDBRecord`); its view type must include
 * the new image.
 */
export type ChangeRecord = {
  readonly eventName?: string | undefined;
  readonly dynamodb?:
    | { readonly SequenceNumber?: string | undefined; readonly NewImage?: Image | undefined }
    | undefined;
};

export const changeOf = (record: ChangeRecord): Change => ({
  position: record.dynamodb?.SequenceNumber ?? "",
  content: contentOf(record),
});

function contentOf({ eventName, dynamodb }: ChangeRecord): Change["content"] {
  if (eventName !== "INSERT" || dynamodb?.NewImage === undefined) return { kind: "other" };
  try {
    const commit = commitOf(dynamodb.NewImage);
    return commit === undefined ? { kind: "other" } : { kind: "commit", commit };
  } catch (error) {
    return { kind: "unreadable", failure: failureOf(error) };
  }
}
