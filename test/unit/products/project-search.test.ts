// What the search projection keeps of a product's changes, and what the index is told of it.
import { expect, test } from "vitest";
import {
  PRODUCT_SEARCH_CONSUMER,
  searchedProductOf,
} from "#adapters/aws/dynamodb/searched-products";
import {
  PRODUCT_EVENT_READERS,
  PRODUCT_EVENT_SOURCE,
  type ProductChanged,
} from "#contracts/events/product-events";
import type { EpochMs } from "#kernel/units";
import { encodeHead, type Message, neverWritten } from "#messaging";
import { searchProjection } from "#services/products/project-search";
import { lamp } from "../../support/product-samples.ts";

const message = (sequence: number, data: object, type = "product.changed"): Message => ({
  id: `lamp-1#${sequence}`,
  source: PRODUCT_EVENT_SOURCE,
  type,
  stream: "lamp-1",
  sequence,
  data: data as Message["data"],
});

const evolve = (given: Message) =>
  searchProjection.evolve(null, given, { now: 0 as EpochMs, held: false });

const recordOf = (state: unknown, consumer: string = PRODUCT_SEARCH_CONSUMER) => ({
  eventName: "MODIFY",
  dynamodb: {
    SequenceNumber: "1",
    NewImage: {
      pk: { S: "lamp-1" },
      sk: { S: `head#${consumer}` },
      head: { S: encodeHead({ ...neverWritten("lamp-1"), version: 1, state: state as never }) },
    },
  },
});

test("every type that is relayed to it is understood", () => {
  for (const type of PRODUCT_EVENT_READERS["product-search"]) {
    expect(evolve(message(3, lamp, type))).toEqual({ version: 3, product: lamp });
  }
});

test.for([
  ["without a title", { ...lamp, title: undefined }],
  ["with a price that is none", { ...lamp, price: "1" }],
  ["of another SKU", { ...lamp, sku: "lamp-2" } satisfies ProductChanged],
  ["of nothing", {}],
] as const)("a change %s halts its stream", ([, data]) => {
  expect(() => evolve(message(1, data))).toThrow(
    expect.objectContaining({ code: "malformed-message", action: "halt" }),
  );
});

test("an unknown type halts its stream", () => {
  expect(() => evolve(message(1, lamp, "toString"))).toThrow(/of no known type/);
});

test("a head with a product is a version for the index", () => {
  expect(searchedProductOf(recordOf({ version: 3, product: lamp }))).toEqual({
    version: 3,
    product: lamp,
  });
});

test("a head that has applied nothing, or is another consumer's, is none", () => {
  expect(searchedProductOf(recordOf(null))).toBeUndefined();
  expect(searchedProductOf(recordOf({ version: 3, product: lamp }, "other"))).toBeUndefined();
  expect(searchedProductOf({ eventName: "REMOVE", dynamodb: {} })).toBeUndefined();
});

test("a head that holds no product is named", () => {
  expect(() => searchedProductOf(recordOf({ version: 3, product: { sku: "lamp-1" } }))).toThrow(
    expect.objectContaining({ code: "unexpected" }),
  );
});
