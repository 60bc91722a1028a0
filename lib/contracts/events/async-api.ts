/**
 * The document of the shop's events, AsyncAPI 3.0: each queue and the bus as a channel, each event
 * as a message, its data as the JSON Schema of the very schema that reads it.
 * Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
import { toJSONSchema } from "zod/v4/core";
import type { JsonObject } from "#kernel/json";
import type { EventFamily } from "./event-catalogue.ts";

const VERSION = "1.0.0";

/** By event type: the JSON Schema of its data. */
export type DataSchemas = Readonly<Record<string, JsonObject>>;

export const dataSchemas = (families: readonly EventFamily[]): DataSchemas =>
  Object.fromEntries(
    families
      .flatMap(({ types }) => Object.entries(types))
      .map(([type, schema]) => [type, dataSchema(schema)]),
  );

export function asyncApi(families: readonly EventFamily[]): JsonObject {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Inorder: the events of the shop",
      version: VERSION,
      description:
        "CloudEvents 1.0 in structured JSON. Queues are SQS FIFO, their message group is the " +
        "partition key; on the bus (EventBridge) the event is the detail, and nothing is ordered.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/cloudevents+json",
    channels: Object.fromEntries([
      ...families.flatMap(({ queues, description }) =>
        Object.entries(queues).map(([name, types]) => queueChannel(name, types, description)),
      ),
      busChannel(families.filter(({ onBus }) => onBus)),
    ]),
    operations: Object.fromEntries([
      ...families.flatMap(({ queues }) =>
        Object.entries(queues).map(([name, types]) => operation("receive", name, types)),
      ),
      operation("send", BUS, typesOf(families.filter(({ onBus }) => onBus))),
    ]),
    components: {
      messages: Object.fromEntries(families.flatMap(messagesOf)),
      schemas: dataSchemas(families),
    },
  };
}

const BUS = "bus";

const typesOf = (families: readonly EventFamily[]): readonly string[] =>
  families.flatMap(({ types }) => Object.keys(types));

/** As the schema library writes it, without the dialect that the document names once. */
function dataSchema(schema: EventFamily["types"][string]): JsonObject {
  const { $schema: _dialect, ...rest } = toJSONSchema(schema) as JsonObject;
  return rest;
}

const queueChannel = (
  queue: string,
  types: readonly string[],
  description: string,
): [string, JsonObject] => [
  queue,
  {
    address: `inorder-{stage}-${queue}.fifo`,
    description,
    parameters: { stage: STAGE },
    messages: references(types),
  },
];

const busChannel = (families: readonly EventFamily[]): [string, JsonObject] => [
  BUS,
  {
    address: "inorder-{stage}",
    description: "Everything that was committed, at least once, in no order.",
    parameters: { stage: STAGE },
    messages: references(typesOf(families)),
  },
];

const STAGE = { description: "The name of the stage, as it was deployed." };

const references = (types: readonly string[]): JsonObject =>
  Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));

const operation = (
  action: "receive" | "send",
  channel: string,
  types: readonly string[],
): [string, JsonObject] => [
  `${action}-${channel}`,
  {
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
  },
];

const messagesOf = (family: EventFamily): readonly [string, JsonObject][] =>
  Object.keys(family.types).map((type) => [
    type,
    { name: type, title: type, payload: envelopeSchema(type, family) },
  ]);

/** CloudEvents 1.0.2, with the extensions of docs/semantics.md. */
function envelopeSchema(type: string, { source, ordered }: EventFamily): JsonObject {
  return {
    type: "object",
    properties: {
      specversion: { const: "1.0" },
      id: { type: "string", description: "The same for every copy of the event." },
      source: source === undefined ? { type: "string" } : { const: source },
      type: { const: type },
      time: { type: "string", format: "date-time" },
      partitionkey: { type: "string", description: "The stream." },
      ...(ordered && {
        sequence: { type: "integer", minimum: 1, description: "Contiguous within the stream." },
      }),
      traceparent: { type: "string", description: "W3C Trace Context." },
      data: { $ref: `#/components/schemas/${type}` },
    },
    required: ["specversion", "id", "source", "type", ...(ordered ? ORDER_FIELDS : []), "data"],
  };
}

const ORDER_FIELDS = ["partitionkey", "sequence"];
