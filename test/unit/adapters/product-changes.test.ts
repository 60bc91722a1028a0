// The products' change stream as its two readers have it, with items as the store writes them.
import type { DynamoDBStreamEvent } from "aws-lambda";
import { expect, test } from "vitest";
import { productChanged } from "#contracts/events/product-events";
import { isOfProducts, productChangeOf } from "#adapters/aws/dynamodb/product-changes";
import { productItem } from "#adapters/aws/dynamodb/product-items";
import type { EpochMs } from "#kernel/units";
import { relay, type OutgoingMessage, type SentEnvelope } from "#messaging";
import type { Product } from "#services/products/ports";
import type { ProductVersion } from "#services/products/search-ports";
import { searchBuilder } from "../../../functions/products/search-builder.ts";
import { countedSurroundings, lambdaContext } from "../../support/gateway-event.ts";
import { productOfTest } from "../../support/products.ts";

const chair = productOfTest("chair", {
  description: "Four legs.",
  category: "seats",
  images: ["chair.jpg"],
  weightGrams: 4500,
  attributes: { legs: 4, stackable: true },
  rating: { count: 2, sum: 9 },
  version: 7,
});

const record = (product: Product, SequenceNumber = "42") => ({
  eventName: "MODIFY",
  dynamodb: {
    SequenceNumber,
    Keys: { sku: { S: product.sku } },
    NewImage: JSON.parse(JSON.stringify(productItem(product))) as object,
  },
});

test("each version is an event with the whole product, in its place in the SKU's stream", () => {
  const { version: _1, createdAt: _2, ...data } = chair;

  const change = productChangeOf(record(chair));

  const event = { type: "product.changed", sequence: 7, data };
  expect(change).toEqual({
    position: "42",
    content: {
      kind: "commit",
      commit: { stream: "chair", number: 7, events: [event], recordedAt: chair.updatedAt },
    },
  });
  expect(productChanged.parse(data)).toEqual(data);
});

test("a withdrawn product is told as such", () => {
  const { content } = productChangeOf(record(productOfTest("gone", { deleted: true })));

  expect(content).toMatchObject({ commit: { events: [{ data: { sku: "gone", deleted: true } }] } });
});

test.for([
  ["categories", { sku: { S: "#categories" }, names: { SS: ["seats"] } }],
  ["an item from before there were versions", { sku: { S: "old" }, price: { N: "5" } }],
] as const)("%s are no event", ([, NewImage]) => {
  const some = { dynamodb: { SequenceNumber: "1", Keys: { sku: NewImage.sku }, NewImage } };

  expect(productChangeOf(some)).toEqual({ position: "1", content: { kind: "other" } });
  expect(productChangeOf({ dynamodb: { SequenceNumber: "2" } }).content.kind).toBe("other");
});

test("records of products are told from those of other tables by their key", () => {
  expect(isOfProducts(record(chair))).toBe(true);
  expect(isOfProducts({ dynamodb: { Keys: { pk: { S: "a" }, sk: { S: "b" } } } })).toBe(false);
});

test("the builder of the index takes in what it can read, and goes past the rest", async () => {
  const taken: ProductVersion[] = [];
  const surroundings = countedSurroundings(0 as EpochMs);
  const build = searchBuilder(
    {
      apply: async (versions) => {
        taken.push(...versions);
        return versions.length;
      },
    },
    surroundings,
  );
  const { Keys } = record(chair).dynamodb;
  const Records = [
    {
      dynamodb: {
        SequenceNumber: "1",
        Keys,
        NewImage: { version: { N: "2" }, price: {} },
      },
    },
    { dynamodb: { SequenceNumber: "2", Keys } },
    record(chair, "3"),
  ];

  const answer = await build({ Records } as DynamoDBStreamEvent, lambdaContext());

  const { version: _1, createdAt: _2, ...product } = chair;
  expect(taken).toEqual([{ version: 7, product }]);
  expect(surroundings.counts.get("SearchChanges")).toBe(1);
  expect(answer).toEqual({ batchItemFailures: [] });
});

test("they go to the queue in the order of the stream, a group each, and to all", async () => {
  const sent: OutgoingMessage[] = [];
  const published: SentEnvelope[] = [];
  const outbox = relay({
    source: "urn:test",
    routes: [
      {
        types: ["product.changed"],
        sender: { send: async (some) => void sent.push(...some) },
      },
    ],
    bus: { publish: async (some) => void published.push(...some) },
  });
  const lamp = productOfTest("lamp");
  const records = [record(chair), record(lamp), record({ ...chair, version: 8 })];

  const answer = await outbox.forward(records.map(productChangeOf));

  expect(answer).toEqual({ relayed: 3 });
  expect(sent.map(({ group, deduplicationId }) => [group, deduplicationId])).toEqual([
    ["chair", "chair#7"],
    ["lamp", "lamp#1"],
    ["chair", "chair#8"],
  ]);
  expect(published.map(({ id }) => id)).toEqual(["chair#7", "lamp#1", "chair#8"]);
});
