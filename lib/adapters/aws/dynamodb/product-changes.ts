/**
 * The products' change stream as the relay reads it. A product is one item, rewritten with every
 * change: each version is an event, with the whole product as its data and the version as its place
 * in the stream of its SKU.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { ProductChanged, ProductEventType } from "#contracts/events/product-events";
import type { Change } from "#messaging";
import type { Product } from "#services/products/ports";
import { productOf } from "./product-items.ts";

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

/** What has no version is no product: the list of categories, an item that is gone. */
export function productChangeOf({ dynamodb }: ProductRecord): Change {
  const position = dynamodb?.SequenceNumber ?? "";
  const image = dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  if (image?.["version"] === undefined) return { position, content: { kind: "other" } };
  const product = productOf(unmarshall(image));
  const { sku, version, updatedAt } = product;
  const data = changedProduct(product);
  const event = { type: CHANGED, sequence: version, data };
  return {
    position,
    content: {
      kind: "commit",
      commit: { stream: sku, number: version, events: [event], recordedAt: updatedAt },
    },
  };
}

function changedProduct({ version: _1, createdAt: _2, ...product }: Product): ProductChanged {
  const { images, attributes } = product;
  return { ...product, images: [...images], attributes: { ...attributes } };
}
