/**
 * What a route takes in its path, its query and its headers, in the document's words.
 */
import * as z from "zod";
import type { JsonObject } from "#kernel/json";
import { cartIdField } from "../carts.ts";
import { orderIdField, skuField } from "../fields.ts";
import type { Route } from "../route.ts";
import { API_VERSIONS } from "../versions.ts";
import type { Operation, RequestHeader } from "./operation.ts";

/** Every other name in a path. */
const nameField = z.string().regex(/^[\w-]{1,128}$/);

const PATH_FIELDS: Readonly<Record<string, z.ZodType>> = {
  sku: skuField,
  orderId: orderIdField,
  cartId: cartIdField,
};

const HEADER_WORDS: Readonly<Record<RequestHeader, string>> = {
  "Idempotency-Key": "Names the request: sent again with the same key it has one effect.",
  "If-Match": "The ETag of what you have read: refused where it has changed since.",
  "If-None-Match": "The ETag of what you have: answered 304 where it still holds.",
  "Cart-Secret": "Of an anonymous cart.",
  "Webhook-Id": "The same for every copy of a webhook.",
  "Webhook-Timestamp": "Seconds since the epoch; at most five minutes from now.",
  "Webhook-Signature": "`v1,` and the signature in base 64; several are separated by blanks.",
};

/** Of every route, though none needs them. */
const ALWAYS = {
  "X-Correlation-Id": "Your own id of the request; echoed.",
  Traceparent: "W3C Trace Context: the trace that the request belongs to.",
  "API-Version": `The dated version that you were written for: ${API_VERSIONS.join(", ")}.`,
} as const;

export const PARAMETERS: JsonObject = Object.fromEntries(
  Object.entries({ ...HEADER_WORDS, ...ALWAYS }).map(([name, description]) => [
    name,
    { name, in: "header", required: false, description, schema: { type: "string" } },
  ]),
);

export function parametersOf({ path }: Route, operation: Operation): readonly JsonObject[] {
  const { query, needs = [], takes = [] } = operation;
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => inPath(name)),
    ...(query === undefined ? [] : inQuery(query)),
    ...needs.map((name) => ({
      name,
      in: "header",
      required: true,
      description: HEADER_WORDS[name],
      schema: { type: "string" },
    })),
    ...[...takes, ...Object.keys(ALWAYS)].map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
  ];
}

const inPath = (name: string): JsonObject => ({
  name,
  in: "path",
  required: true,
  schema: schemaOf(PATH_FIELDS[name] ?? nameField),
});

function inQuery(query: z.ZodObject): readonly JsonObject[] {
  const { properties = {}, required = [] } = schemaOf(query) as {
    readonly properties?: JsonObject;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema,
  }));
}

function schemaOf(schema: z.ZodType): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: "input" }) as JsonObject;
  return rest;
}
