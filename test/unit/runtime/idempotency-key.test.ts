// The header that makes an order repeatable: two spellings of one key, and everything else refused.
import { expect, test } from "vitest";
import { idempotencyKey } from "#runtime/idempotency-key";

test.each([
  { name: "a bare key", header: "order-1", key: "order-1" },
  { name: "a quoted key", header: '"order-1"', key: "order-1" },
  { name: "space around it", header: "  order-1 ", key: "order-1" },
  { name: "escapes in quotes", header: '"a\\"b\\\\c"', key: 'a"b\\c' },
  { name: "a quote inside a bare key", header: 'a"b', key: 'a"b' },
  { name: "all of its length", header: "k".repeat(255), key: "k".repeat(255) },
])("$name is read", ({ header, key }) => {
  expect(idempotencyKey({ "idempotency-key": header })).toBe(key);
});

test.each([
  { name: "no header", headers: {}, code: "idempotency-key-missing" },
  { name: "an empty header", headers: { "idempotency-key": " " }, code: "idempotency-key-missing" },
  { name: "an empty string", headers: { "idempotency-key": '""' }, code: "invalid-request" },
  { name: "an open quote", headers: { "idempotency-key": '"order-1' }, code: "invalid-request" },
  { name: "parameters", headers: { "idempotency-key": '"a";b=1' }, code: "invalid-request" },
  { name: "a space inside", headers: { "idempotency-key": "order 1" }, code: "invalid-request" },
  {
    name: "a letter of no ASCII",
    headers: { "idempotency-key": "ordré" },
    code: "invalid-request",
  },
  {
    name: "one too many",
    headers: { "idempotency-key": "k".repeat(256) },
    code: "invalid-request",
  },
])("$name is refused", ({ headers, code }) => {
  expect(() => idempotencyKey(headers)).toThrow(
    expect.objectContaining({ code, action: "reject" }) as Error,
  );
});
