// The document of the events is what the schemas say, and AsyncAPI's own schema accepts it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import specifications from "@asyncapi/specs";
import { Ajv, type AnySchema } from "ajv";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { asyncApi } from "#contracts/events/async-api";
import { EVENT_CATALOGUE } from "#contracts/events/event-catalogue";

const PATH = join(import.meta.dirname, "..", "..", "..", "docs", "asyncapi.json");

const document = JSON.parse(JSON.stringify(asyncApi(EVENT_CATALOGUE))) as Record<string, unknown>;

const ajv = new Ajv({ strict: false });
formats.default(ajv);
const isAsyncApi = ajv.compile(specifications.schemasWithoutId["3.0.0"] as AnySchema);

test("the committed document is what npm run documents -- --write docs writes", () => {
  expect(JSON.parse(readFileSync(PATH, "utf8"))).toEqual(document);
});

test("it is AsyncAPI 3.0", () => {
  const isValid = isAsyncApi(document);

  expect(isAsyncApi.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
});

test("what AsyncAPI does not know is found", () => {
  expect(isAsyncApi({ ...document, operations: { send: { action: "shout" } } })).toBe(false);
});

test("every reference leads somewhere", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = ""]) => path,
  );
  const at = (path: string): unknown =>
    path
      .split("/")
      .reduce<unknown>((place, name) => (place as Record<string, unknown>)?.[name], document);

  expect(references.length).toBeGreaterThan(10);
  expect(references.filter((path) => at(path) === undefined)).toEqual([]);
});
