// Cursors are opened only where they were sealed.
import fc from "fast-check";
import { expect, test } from "vitest";
import { signedCursors } from "#adapters/http/signed-cursor";

const cursors = signedCursors(async () => "a secret that only this test knows");
const binding = { route: "GET /v1/orders", customerId: "customer-1" };
const refused = { code: "invalid-request", details: [{ pointer: "/query/cursor" }] };

test("any position comes back, in characters that a query can carry", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }),
      async (text) => {
        const cursor = await cursors.seal(binding, text);

        expect(cursor).toMatch(/^[\w.-]+$/);
        expect(await cursors.open(binding, cursor)).toBe(text);
      },
    ),
    { numRuns: 50 },
  );
});

test("the order of the binding's names means nothing", async () => {
  const cursor = await cursors.seal(binding, "position");
  const { customerId, route } = binding;

  expect(await cursors.open({ customerId, route }, cursor)).toBe("position");
});

test.each([
  { route: "GET /v1/orders", customerId: "customer-2" },
  { route: "GET /v1/products", customerId: "customer-1" },
  { route: "GET /v1/orders" },
  { ...binding, status: "placed" },
])("another binding refuses it: %o", async (other) => {
  const cursor = await cursors.seal(binding, "position");

  await expect(cursors.open(other, cursor)).rejects.toMatchObject(refused);
});

test("a cursor of another secret is refused", async () => {
  const cursor = await signedCursors(async () => "another secret").seal(binding, "position");

  await expect(cursors.open(binding, cursor)).rejects.toMatchObject(refused);
});

test("no single character may be changed", async () => {
  const cursor = await cursors.seal(binding, "2018-01-01T00:00:00.000Z#order");

  for (let index = 0; index < cursor.length; index += 1) {
    const other = cursor[index] === "A" ? "g" : "A";
    const changed = cursor.slice(0, index) + other + cursor.slice(index + 1);
    await expect(cursors.open(binding, changed)).rejects.toMatchObject(refused);
  }
});

test.each(["", ".", "a", "a.b", "ä.ö", "..", `${"A".repeat(10)}.${"A".repeat(43)}`])(
  "%j is refused",
  async (cursor) => {
    await expect(cursors.open(binding, cursor)).rejects.toMatchObject(refused);
  },
);
