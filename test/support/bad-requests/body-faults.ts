/**
 * What can be wrong with a body of JSON: its form, its fields, and each value in it.
 */
import type { Fault } from "./bad-request.ts";
import type { GoodRequest } from "./good-requests.ts";

export function bodyFaults({ body, bytesMax, anyText = [] }: GoodRequest): readonly Fault[] {
  if (body === undefined) return [];
  return [...formFaults(body, bytesMax), ...Object.keys(body).map(wrongType(body))].concat(
    leavesOf(body).flatMap(({ steps, value }) => {
      const pointer = `/${steps.join("/")}`;
      const kinds = typeof value === "number" ? NUMBERS : textsFor(anyText.includes(pointer));
      return Object.entries(kinds).map(([kind, bad]) => ({
        name: `${kind} at ${pointer}`,
        body: JSON.stringify(replaced(body, steps, bad)),
        ...INVALID,
        pointers: [pointer],
      }));
    }),
  );
}

const INVALID = { status: 400, code: "invalid-request" };
const MALFORMED = { status: 400, code: "malformed-request" };
const UNSUPPORTED = { status: 415, code: "unsupported-media-type" };

/** Above what any body of this API may have. */
const TOO_LARGE = 300_000;

function formFaults(body: object, bytesMax = TOO_LARGE): readonly Fault[] {
  const text = JSON.stringify(body);
  const fields = text.slice(1, -1);
  const more = (field: string): string => `{${fields}${fields === "" ? "" : ","}${field}}`;
  return [
    { name: "an empty body", body: "", ...MALFORMED },
    { name: "half a body", body: text.slice(0, -1), ...MALFORMED },
    { name: "a list", body: `[${text}]`, ...INVALID, pointers: [""] },
    { name: "null", body: "null", ...INVALID, pointers: [""] },
    { name: "an unknown field", body: more('"nobodyKnows":1'), ...unknown("nobodyKnows") },
    { name: "a prototype", body: more('"__proto__":{"isAdmin":true}'), ...unknown("__proto__") },
    { name: "a constructor", body: more('"constructor":{}'), ...unknown("constructor") },
    {
      name: "a body over its limit",
      body: more(`"long":"${"x".repeat(bytesMax)}"`),
      status: 413,
      code: "payload-too-large",
    },
    { name: "plain text", headers: { "content-type": "text/plain" }, ...UNSUPPORTED },
    {
      name: "another character set",
      headers: { "content-type": "application/json; charset=latin1" },
      ...UNSUPPORTED,
    },
  ];
}

const unknown = (field: string) => ({ ...INVALID, pointers: [`/${field}`] });

const wrongType =
  (body: Readonly<Record<string, unknown>>) =>
  (field: string): Fault => ({
    name: `a wrong type at /${field}`,
    body: JSON.stringify({ ...body, [field]: typeof body[field] === "boolean" ? "yes" : true }),
    ...INVALID,
    pointers: [`/${field}`],
  });

const NUMBERS = {
  "half a unit": 0.5,
  "too much": 1e300,
  "a text": "1",
  "less than nothing": -1e15,
};

const TEXTS = { NUL: "a\u0000b", "20,000 characters": "x".repeat(20_000), "no text": "" };
const ANY_TEXT = { "half a character": "a\ud800b" };

const textsFor = (isAnyText: boolean) => (isAnyText ? ANY_TEXT : { ...TEXTS, ...ANY_TEXT });

type Leaf = { readonly steps: readonly string[]; readonly value: string | number };

/** Texts and numbers, however deep. */
function leavesOf(value: unknown, steps: readonly string[] = []): readonly Leaf[] {
  if (typeof value === "string" || typeof value === "number") return [{ steps, value }];
  if (value instanceof Date) return [{ steps, value: value.toISOString() }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...steps, key]));
}

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
  if (step === undefined) return by;
  if (isList(value)) {
    return value.map((inner, index) =>
      String(index) === step ? replaced(inner, rest, by) : inner,
    );
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return { ...fields, [step]: replaced(fields[step], rest, by) };
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
