// Events are stored for ever: what an earlier schema accepted, the present one has to read.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { type DataSchemas, dataSchemas } from "#contracts/events/async-api";
import { EVENT_CATALOGUE } from "#contracts/events/event-catalogue";
import { breaksOf } from "#contracts/events/evolution";

type StoredEvent = { readonly type: string; readonly data: unknown };

const STORED = join(import.meta.dirname, "..", "..", "support", "stored-events");

/** As they were written when their type was new, or when it changed; never edited. */
const stored = readdirSync(STORED)
  .toSorted()
  .flatMap((file) => JSON.parse(readFileSync(join(STORED, file), "utf8")) as StoredEvent[]);

const schemas = Object.assign({}, ...EVENT_CATALOGUE.map(({ types }) => types)) as Readonly<
  Record<string, z.ZodMiniType>
>;

test("every event that was ever stored is read by the present schemas", () => {
  const unread = stored.filter(({ type, data }) => schemas[type]?.safeParse(data).success !== true);

  expect(unread).toEqual([]);
});

test("of every type there is a stored event", () => {
  const types = new Set(stored.map(({ type }) => type));

  expect(Object.keys(schemas).filter((type) => !types.has(type))).toEqual([]);
});

const before = z.strictObject({
  kind: z.enum(["one", "two"]),
  count: z.int().check(z.minimum(0)),
  note: z.optional(z.string().check(z.maxLength(10))),
  lines: z.array(z.strictObject({ sku: z.string() })),
});

const schemaOf = (schema: z.ZodMiniType): DataSchemas =>
  dataSchemas([
    {
      name: "things",
      description: "",
      ordered: true,
      queues: {},
      onBus: true,
      types: { "thing.happened": schema },
    },
  ]);

test.each([
  { name: "no change", schema: before },
  {
    name: "a new optional field",
    schema: z.strictObject({ ...before.shape, colour: z.optional(z.string()) }),
  },
  {
    name: "a required field that becomes optional",
    schema: z.strictObject({ ...before.shape, count: z.optional(before.shape.count) }),
  },
  {
    name: "a further value",
    schema: z.strictObject({ ...before.shape, kind: z.enum(["one", "two", "three"]) }),
  },
  {
    name: "a wider bound",
    schema: z.strictObject({
      ...before.shape,
      count: z.int(),
      note: z.optional(z.string().check(z.maxLength(11))),
    }),
  },
])("$name breaks nothing", ({ schema }) => {
  expect(breaksOf(schemaOf(before), schemaOf(schema))).toEqual([]);
});

test.each([
  {
    name: "a new field that is required",
    schema: z.strictObject({ ...before.shape, colour: z.string() }),
    says: "thing.happened/colour: is required, and was not",
  },
  {
    name: "an optional field that becomes required",
    schema: z.strictObject({ ...before.shape, note: z.string().check(z.maxLength(10)) }),
    says: "thing.happened/note: is required, and was not",
  },
  {
    name: "a value that cannot be any more",
    schema: z.strictObject({ ...before.shape, kind: z.enum(["one"]) }),
    says: 'thing.happened/kind: "two" cannot be any more',
  },
  {
    name: "a higher minimum",
    schema: z.strictObject({ ...before.shape, count: z.int().check(z.minimum(1)) }),
    says: "thing.happened/count: minimum was 0, is 1",
  },
  {
    name: "a lower maximum",
    schema: z.strictObject({
      ...before.shape,
      note: z.optional(z.string().check(z.maxLength(9))),
    }),
    says: "thing.happened/note: maxLength was 10, is 9",
  },
  {
    name: "another type of field",
    schema: z.strictObject({ ...before.shape, count: z.string() }),
    says: 'thing.happened/count: type was "integer", is "string"',
  },
  {
    name: "a narrower item of a list",
    schema: z.strictObject({
      ...before.shape,
      lines: z.array(z.strictObject({ sku: z.string(), quantity: z.int() })),
    }),
    says: "thing.happened/lines/*/quantity: is required, and was not",
  },
])("$name is found", ({ schema, says }) => {
  expect(breaksOf(schemaOf(before), schemaOf(schema)).join("\n")).toContain(says);
});

test("a field that is gone is found", () => {
  const { note: _note, ...rest } = before.shape;

  expect(breaksOf(schemaOf(before), schemaOf(z.strictObject(rest)))).toEqual([
    "thing.happened/note: is gone",
  ]);
});

test("a type that is gone is found", () => {
  expect(breaksOf(schemaOf(before), {})).toEqual(["thing.happened: the type is gone"]);
});
