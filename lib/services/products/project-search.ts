/**
 * A product as the search index shall know it, kept in the head of the consumer that folds its
 * changes: each carries the whole product, so the newest is the state.
 */
import { type ProductChanged, productEventSchemas } from "#contracts/events/product-events";
import { Failure } from "#kernel/failure";
import type { FoldHandler, Message } from "#messaging";

/** Null before the product's first change. */
export type SearchedProduct = {
  readonly version: number;
  readonly product: ProductChanged;
} | null;

/** `evolve` throws `Failure` `malformed-message` (halt) for what is no change of a product. */
export const searchProjection: FoldHandler<SearchedProduct> = {
  kind: "fold",
  initial: null,
  evolve: (_state, message) => ({ version: message.sequence, product: changeOf(message) }),
};

function changeOf({ type, stream, data }: Message): ProductChanged {
  const schema = Object.entries(productEventSchemas).find(([name]) => name === type)?.[1];
  const read = schema?.safeParse(data);
  if (read?.success === true && read.data.sku === stream) return read.data;
  const why = read === undefined ? "of no known type" : (read.error?.message ?? "of another SKU");
  throw new Failure("malformed-message", "halt", `A change of product ${stream} is ${why}.`);
}
