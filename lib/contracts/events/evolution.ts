/**
 * What may change in an event: stored events are read for ever, so whatever an earlier schema
 * accepted its successor has to accept. New types and new optional fields are free; all else is a
 * new type.
 */
import { isJsonObject, type JsonObject } from "#kernel/json";
import type { DataSchemas } from "./async-api.ts";

/** Why events as `before` has them could not be read any more, each with its place. */
export const breaksOf = (before: DataSchemas, now: DataSchemas): readonly string[] =>
  Object.entries(before).flatMap(([type, schema]) => {
    const current = now[type];
    return current === undefined
      ? [`${type}: the type is gone`]
      : narrower(schema, current).map((reason) => `${type}${reason}`);
  });

/** Compared keyword by keyword: what is not known here has to be the same. */
function narrower(before: JsonObject, now: JsonObject): readonly string[] {
  return [
    ...bounds(before, now),
    ...choices(before, now),
    ...fields(before, now),
    ...items(before, now),
    ...rest(before, now),
  ];
}

/** Larger is narrower for those of the first kind, smaller for those of the second. */
const LOWER = ["minimum", "exclusiveMinimum", "minLength", "minItems"];
const UPPER = ["maximum", "exclusiveMaximum", "maxLength", "maxItems"];

function bounds(before: JsonObject, now: JsonObject): readonly string[] {
  const tightened = (keyword: string, sign: 1 | -1): boolean => {
    const [was, is] = [before[keyword], now[keyword]];
    return typeof is === "number" && (typeof was !== "number" || sign * (is - was) > 0);
  };
  const found = [
    ...LOWER.filter((keyword) => tightened(keyword, 1)),
    ...UPPER.filter((keyword) => tightened(keyword, -1)),
  ];
  return found.map((keyword) => changed(keyword, before, now));
}

function choices(before: JsonObject, now: JsonObject): readonly string[] {
  const [was, is] = [before["enum"], now["enum"]];
  if (!Array.isArray(is)) return [];
  if (!Array.isArray(was)) return [": only some values are left"];
  const gone = was.filter((value) => !is.includes(value));
  return gone.length === 0 ? [] : [`: ${gone.map(said).join(", ")} cannot be any more`];
}

function fields(before: JsonObject, now: JsonObject): readonly string[] {
  const [was, is] = [objectAt(before, "properties"), objectAt(now, "properties")];
  const needed = listAt(before, "required");
  return [
    ...listAt(now, "required")
      .filter((name) => !needed.includes(name))
      .map((name) => `/${String(name)}: is required, and was not`),
    ...Object.entries(was).flatMap(([name, schema]) => {
      const current = is[name];
      if (current === undefined) return [`/${name}: is gone`];
      return isJsonObject(schema) && isJsonObject(current)
        ? narrower(schema, current).map((reason) => `/${name}${reason}`)
        : [];
    }),
  ];
}

function items(before: JsonObject, now: JsonObject): readonly string[] {
  const [was, is] = [before["items"], now["items"]];
  if (!isJsonObject(is)) return [];
  if (!isJsonObject(was)) return ["/*: items are restricted, and were not"];
  return narrower(was, is).map((reason) => `/*${reason}`);
}

const COMPARED = new Set([...LOWER, ...UPPER, "enum", "properties", "required", "items"]);
/** Say nothing about what is accepted. */
const REMARKS = new Set(["title", "description", "examples"]);

function rest(before: JsonObject, now: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((keyword) => !COMPARED.has(keyword) && !REMARKS.has(keyword))
    .filter((keyword) => now[keyword] !== undefined && said(before[keyword]) !== said(now[keyword]))
    .map((keyword) => changed(keyword, before, now));
}

const changed = (keyword: string, before: JsonObject, now: JsonObject): string =>
  `: ${keyword} was ${said(before[keyword])}, is ${said(now[keyword])}`;

const objectAt = (schema: JsonObject, keyword: string): JsonObject => {
  const found = schema[keyword];
  return isJsonObject(found) ? found : {};
};

const listAt = (schema: JsonObject, keyword: string): readonly unknown[] => {
  const found = schema[keyword];
  return Array.isArray(found) ? found : [];
};

const said = (value: unknown): string => JSON.stringify(value) ?? "nothing";
