/**
 * The keys of everything that a consumer keeps of a stream, all in the stream's own partition:
 *
 *     head#<consumer>                            the head
 *     parked#<consumer>#<sequence>               a parked body that the head has no room for
 *     audit#<consumer>#<version>#<index>         a record of the audit log
 */
import type { AttributeValue, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { consumerInKeys, ITEM_PREFIXES } from "#contracts/item-prefixes";
import { Failure } from "#kernel/failure";
import { parseJsonObject } from "#kernel/json";
import {
  type BesideWrite,
  type FiledViolation,
  type Head,
  type Message,
  type PlacedAuditRecord,
  VIOLATION_KINDS,
} from "#messaging";
import type { Image } from "./commit-items.ts";

type Item = Readonly<Record<string, AttributeValue>>;

/** @throws Failure `misconfigured` (reject) for a consumer that cannot have keys. */
export const headSort = (consumer: string): string =>
  `${ITEM_PREFIXES.head}${consumerInKeys(consumer)}`;

/** 16 digits hold every safe integer, so that the texts sort as the numbers do. */
export const parkedSort = (consumer: string, sequence: number): string =>
  `${ITEM_PREFIXES.parked}${consumer}#${String(sequence).padStart(16, "0")}`;

/** @throws Failure `misconfigured` (reject) for a consumer that cannot have keys. */
export const auditPrefix = (consumer: string): string =>
  `${ITEM_PREFIXES.audit}${consumerInKeys(consumer)}#`;

/** Without an index: where the records begin that were written with this version of the head. */
export function auditSort(consumer: string, version: number, index?: number): string {
  const ofVersion = `${auditPrefix(consumer)}${String(version).padStart(16, "0")}`;
  // A transaction has 100 actions, the head's among them.
  return index === undefined ? ofVersion : `${ofVersion}#${String(index).padStart(2, "0")}`;
}

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
      const sk = { S: auditSort(consumer, head.version, index) };
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

/**
 * What an audit record says was filed; undefined for another item, or another record.
 *
 * @throws Failure `unexpected` (halt) for a record that cannot be read.
 */
export function filedViolation(item: Image): FiledViolation | undefined {
  const stream = item["pk"]?.S ?? "";
  const key = item["sk"]?.S;
  if (key?.startsWith(ITEM_PREFIXES.audit) !== true) return undefined;
  const { version, index, record } = storedRecord(item, stream);
  if (record.kind !== "violation") return undefined;
  if (!VIOLATION_KINDS.includes(record.violation.kind)) {
    throw unreadable(`A violation of stream ${JSON.stringify(stream)}`, "kind that is known");
  }
  const [, consumer = ""] = key.split("#");
  return { consumer, stream, version, index, violation: record.violation };
}

/** @throws Failure `unexpected` (halt) for an item that holds no record. */
export function storedRecord(item: Image, stream: string): PlacedAuditRecord {
  const record = parseJsonObject(item["record"]?.S ?? "");
  const version = Number(item["version"]?.N);
  const index = Number(item["sk"]?.S?.split("#").at(-1));
  if (record !== undefined && Number.isSafeInteger(version) && Number.isSafeInteger(index)) {
    return { version, index, record: record as unknown as PlacedAuditRecord["record"] };
  }
  throw unreadable(`An audit record of stream ${JSON.stringify(stream)}`);
}

const unreadable = (what: string, lacks = "JSON object"): Failure =>
  new Failure("unexpected", "halt", `${what} cannot be read: its item has no ${lacks}.`);
