// What an order was short of travels as the last line of an error's text: whole or not at all.
import { expect, test } from "vitest";
import { orderTask } from "#contracts/saga";
import { DETAIL_MAX, readShort, SHORT_TEXT_MAX, type ShortLine } from "#contracts/short-stock";
import { taskError } from "#runtime/task-error";
import { shortOf } from "#services/inventory/lines";
import { STOCK_ITEMS_MAX } from "#services/inventory/ports";

/** The longest SKUs and numbers, of as many as one order holds; each in two lines. */
const most = Array.from({ length: STOCK_ITEMS_MAX }, (_, at) => ({
  sku: String(at).padEnd(64, "X"),
  requested: 90_000,
  available: 89_999,
}));
const most2 = most.flatMap(({ sku }) => [1, 2].map(() => ({ sku, quantity: 45_000 })));
const refusal = (short = most) => taskError(shortOf({ kind: "out-of-stock", short }, most2));

/** As Lambda answers for a function that threw, and Step Functions has it as the cause. */
const causeOf = ({ name, message, stack = "" }: Error): string =>
  JSON.stringify({ errorType: name, errorMessage: message, trace: stack.split("\n") });

test("the refusal of the most and longest SKUs reaches the order whole", () => {
  const { name, message } = refusal();

  expect(name).toBe("OutOfStock");
  expect(message.length).toBeLessThanOrEqual(SHORT_TEXT_MAX);
  // The bound of a cause. The stack may say the message once more.
  expect(Buffer.byteLength(causeOf(refusal()))).toBeLessThan(32_768);
  const step = { step: "reject", orderId: "0123456789ABCDEFGHJKMNPQRS", reason: "out-of-stock" };
  expect(orderTask.safeParse({ ...step, detail: message }).success).toBe(true);
  const { detail, short } = readShort(message);
  expect(detail).toMatch(/^Not enough stock of 0X+, .* and 87 more: order fewer units/);
  expect(detail.length).toBeLessThanOrEqual(DETAIL_MAX);
  expect(short).toEqual(most);
});

test("what is scattered is named with what was wanted of it, and no count of what is there", () => {
  const lines = [
    { sku: "lamp", quantity: 2 },
    { sku: "chair", quantity: 1 },
    { sku: "lamp", quantity: 1 },
  ];
  const { message } = taskError(shortOf({ kind: "scattered", skus: ["lamp"] }, lines));

  expect(readShort(message).short).toEqual([{ sku: "lamp", requested: 3 }]);
});

const cut = refusal().message.slice(0, 2_048);

test.each<{ name: string; text: string; detail: string; short?: readonly ShortLine[] }>([
  { name: "without data", text: "none left", detail: "none left" },
  { name: "of several lines", text: "none\nleft", detail: "none\nleft" },
  { name: "cut within its data", text: cut, detail: cut.slice(0, cut.indexOf("\n")) },
  { name: "with other data", text: 'none\n{"short":[{"sku":"lamp"}]}', detail: "none" },
  { name: "with no JSON", text: 'none\n{"short":"', detail: "none" },
  { name: "without end", text: "x".repeat(9_999), detail: "x".repeat(DETAIL_MAX) },
  {
    name: "that says so twice",
    text: 'a\n{"short":[]}\n{"short":[{"sku":"lamp","requested":1}]}',
    detail: 'a\n{"short":[]}',
    short: [{ sku: "lamp", requested: 1 }],
  },
])("a text $name is told as far as it goes", ({ text, detail, short }) => {
  expect(readShort(text)).toEqual({ detail, ...(short && { short }) });
});
