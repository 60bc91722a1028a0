/**
 * The keys of everything that a consumer keeps of a stream, all in the stream's own partition:
 *
 *     head#<consumer>                            the head
 *     parked#<consumer>#<sequence>               a parked body that the head has no room for
 *     audit#<consumer>#<version>#<index>         a record of the audit log
 */
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";
import type { BesideWrite, Head, Message, PlacedAuditRecord } from "#messaging";

type Item = Readonly<Record<string, AttributeValue>>;

export const headSort = (consumer: string): string => `head#${consumer}`;

/** 16 digits hold every safe integer, so that the texts sort as the numbers do. */
export const parkedSort = (consumer: string, sequence: number): string =>
  `parked#${consumer}#${String(sequence).padStart(16, "0")}`;

export const auditPrefix = (consumer: string): string => `audit#${consumer}#`;

/** Where the records begin that were written with this version of the head. */
export const auditSort = (consumer: string, version: number): string =>
  `${auditPrefix(consumer)}${String(version).padStart(16, "0")}`;

/** Unconditional: the head's fence in the same transaction decides. */
export function besideAction(
  { table, consumer }: { readonly table: string; readonly consumer: string },
  head: Pick<Head, "stream" | "version">,
  write: BesideWrite,
  index: number,
): TransactWriteItem {
  const pk = { S: head.stream };
  switch (write.kind) {
    case "park": {
      const sk = { S: parkedSort(consumer, write.message.sequence) };
      const message = { S: JSON.stringify(write.message) };
      return { Put: { TableName: table, Item: { pk, sk, message } } };
    }
    case "unpark":
      return {
        Delete: { TableName: table, Key: { pk, sk: { S: parkedSort(consumer, write.sequence) } } },
      };
    case "record": {
      const number = String(index).padStart(2, "0");
      const sk = { S: `${auditSort(consumer, head.version)}#${number}` };
      const version = { N: String(head.version) };
      const record = { S: JSON.stringify(write.record) };
      return { Put: { TableName: table, Item: { pk, sk, version, record } } };
    }
    default:
      return write satisfies never;
  }
}

/** @throws Failure `unexpected` (halt) for an item that holds no message. */
export function storedMessage(item: Item, stream: string): Message {
  const message = parseJsonObject(item["message"]?.S ?? "");
  if (message !== undefined) return message as unknown as Message;
  throw unreadable(`A parked body of stream ${JSON.stringify(stream)}`);
}

/** @throws Failure `unexpected` (halt) for an item that holds no record. */
export function storedRecord(item: Item, stream: string): PlacedAuditRecord {
  const record = parseJsonObject(item["record"]?.S ?? "");
  const version = Number(item["version"]?.N);
  if (record !== undefined && Number.isSafeInteger(version)) {
    return { version, record: record as unknown as PlacedAuditRecord["record"] };
  }
  throw unreadable(`An audit record of stream ${JSON.stringify(stream)}`);
}

const unreadable = (what: string): Failure =>
  new Failure("unexpected", "halt", `${what} cannot be read: its item has no JSON object.`);
