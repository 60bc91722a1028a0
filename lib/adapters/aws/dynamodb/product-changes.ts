/**
 * The products' change stream as the relay and the builder of the search index read it. A product
 * is one item, rewritten with every change: each version is an event, with the whole product as
 * its data and the version as its place in the stream of its SKU.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ProductEventType } from "#contracts/events/product-events";
import type { EpochMs } from "#kernel/units";
import type { Change } from "#messaging";
import type { ProductVersion } from "#services/products/search-ports";
import { versionOfItem } from "./product-items.ts";

/** What is read of a record of the stream (Lambda's `DynamoDBRecord`), with its new image. */
export type ProductRecord = {
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, unknown>> | undefined;
        /** An item as the SDK has it; Lambda's types write it in words of their own. */
        readonly NewImage?: object | undefined;
      }
    | undefined;
};

const CHANGED: ProductEventType = "product.changed";

export const isOfProducts = ({ dynamodb }: ProductRecord): boolean =>
  dynamodb?.Keys?.["sku"] !== undefined;

/** Undefined for what has no version: the list of categories, an item that is gone. */
export function productVersionOf({ dynamodb }: ProductRecord): ProductVersion | undefined {
  const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  if (image?.["version"] === undefined) return undefined;
  return versionOfItem(unmarshall(image));
}

export function productChangeOf(record: ProductRecord): Change {
  const position = record.dynamodb?.SequenceNumber ?? "";
  const read = productVersionOf(record);
  if (read === undefined) return { position, content: { kind: "other" } };
  const { version, product } = read;
  const event = { type: CHANGED, sequence: version, data: product };
  return {
    position,
    content: {
      kind: "commit",
      commit: {
        stream: product.sku,
        number: version,
        events: [event],
        recordedAt: product.updatedAt as EpochMs,
      },
    },
  };
}
