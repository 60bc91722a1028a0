/**
 * A table's change stream as the relay reads it. Only a commit or a violation that was added is an
 * event: heads are rewritten all the time, and what disappears (TTL, a repair) has happened
 * nevertheless.
 */
import { type Change, failureOf } from "#messaging";
import { commitOf, type Image } from "./commit-items.ts";
import { filedViolation } from "./head-keys.ts";

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
    if (commit !== undefined) return { kind: "commit", commit };
    const filed = filedViolation(dynamodb.NewImage);
    return filed === undefined ? { kind: "other" } : { kind: "violation", filed };
  } catch (error) {
    return { kind: "unreadable", failure: failureOf(error) };
  }
}
