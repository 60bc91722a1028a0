// Everything a caller can get wrong about carts: each is a problem+json, and nothing is changed.
import { randomUUID } from "node:crypto";
import { expect, inject, test } from "vitest";
import { openShop } from "../support/shop.ts";

const shop = openShop(inject("shop"));
const key = () => ({ "idempotency-key": randomUUID() });

type Bad = {
  readonly name: string;
  readonly status: number;
  readonly send: (cartId: string) => readonly [method: string, path: string];
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};
const bad: readonly Bad[] = [
  {
    name: "a quantity that is a text",
    status: 400,
    send: (id) => ["POST", `/v1/carts/${id}/items`],
    body: { sku: "x", quantity: "1" },
  },
  {
    name: "an unknown SKU",
    status: 422,
    send: (id) => ["POST", `/v1/carts/${id}/items`],
    body: { sku: "nobody-sells-this", quantity: 1 },
  },
  {
    name: "a quantity without a version",
    status: 428,
    send: (id) => ["PATCH", `/v1/carts/${id}/items/x`],
    body: { quantity: 1 },
  },
  {
    name: "a version that never was",
    status: 412,
    send: (id) => ["DELETE", `/v1/carts/${id}/items/x`],
    headers: { "if-match": '"99"' },
  },
  {
    name: "a merge of a cart that is not known",
    status: 404,
    send: (id) => ["POST", `/v1/carts/${id}/merge`],
    body: { cartId: "0".repeat(26), secret: "guess" },
  },
  {
    name: "an order of lines and a cart",
    status: 400,
    send: () => ["POST", "/v1/orders"],
    body: { lines: [{ sku: "x", quantity: 1 }], cartId: "0".repeat(26), cartVersion: 1 },
  },
  {
    name: "an order of a cart without its version",
    status: 400,
    send: () => ["POST", "/v1/orders"],
    body: { cartId: "0".repeat(26) },
  },
  {
    name: "an order of a cart that is not known",
    status: 404,
    send: () => ["POST", "/v1/orders"],
    body: { cartId: "0".repeat(26), cartVersion: 1 },
  },
  { name: "an unknown status", status: 400, send: () => ["GET", "/v1/orders?status=lost"] },
];

test("what is wrong with a cart is told as a problem, and nothing is changed", async () => {
  const [token, eve] = await Promise.all(
    [1, 2].map(() => shop.token("carts:write", "orders:write", "orders:read")),
  );
  const as = { token: token ?? "" };
  const created = await shop.call("POST", "/v1/carts", { ...as, headers: key(), body: {} });
  const cartId = String(created.body["cartId"]);

  for (const { name, status, send, body, headers } of bad) {
    const [method, path] = send(cartId);
    const sent = { ...as, headers: { ...key(), ...headers }, ...(body !== undefined && { body }) };
    const answer = await shop.call(method, path, sent);
    expect([name, answer.status]).toEqual([name, status]);
    expect(answer.body["type"]).toMatch(/^urn:inorder:problem:/);
  }
  const peek = await shop.call("GET", `/v1/carts/${cartId}`, { token: eve ?? "" });
  const nobody = await shop.call("GET", `/v1/carts/${cartId}`);

  expect([peek.status, nobody.status]).toEqual([404, 401]);
  const after = await shop.call("GET", `/v1/carts/${cartId}`, as);
  expect(after.body).toMatchObject({ version: 1, items: [] });
});
