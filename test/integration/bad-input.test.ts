// What a caller can get wrong about orders, tokens and signatures beside what every route refuses
// (bad-requests.test.ts): each is a problem+json that says what, and nothing is written.
import { randomUUID } from "node:crypto";
import { inject, beforeAll, expect, test } from "vitest";
import { openShop } from "../support/shop.ts";
import type { Answer } from "../support/shop/api.ts";

const shop = openShop(inject("shop"));

let access = "";
let sku = "";

beforeAll(async () => {
  access = await shop.token("orders:write", "orders:read");
  sku = await shop.product(1000, 100);
});

const line = () => ({ sku, quantity: 1 });

type Case = {
  readonly name: string;
  readonly body: () => unknown;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
};

const badOrders: readonly Case[] = [
  { name: "no lines", body: () => ({}), status: 400, code: "invalid-request", pointer: "/lines" },
  {
    name: "an empty order",
    body: () => ({ lines: [] }),
    status: 400,
    code: "invalid-request",
    pointer: "/lines",
  },
  {
    name: "a negative quantity",
    body: () => ({ lines: [{ sku, quantity: -1 }] }),
    status: 400,
    code: "invalid-request",
    pointer: "/lines/0/quantity",
  },
  {
    name: "a SKU that nobody sells",
    body: () => ({ lines: [line(), { sku: "nobody-sells-this", quantity: 1 }] }),
    status: 422,
    code: "unknown-sku",
    pointer: "/lines/1/sku",
  },
  {
    name: "an import time without the scope for it",
    body: () => ({ lines: [line()], placedAt: "2018-01-01T00:00:00Z" }),
    status: 403,
    code: "insufficient-scope",
  },
];

test.each(badOrders)("an order with $name is refused", async ({ body, status, code, pointer }) => {
  const before = await orderIds();

  const answer = await shop.call("POST", "/v1/orders", {
    token: access,
    headers: { "idempotency-key": randomUUID() },
    body: body(),
  });

  expectProblem(answer, status, code);
  expect(pointersOf(answer)).toEqual(
    expect.arrayContaining(pointer === undefined ? [] : [pointer]),
  );
  expect(await orderIds()).toEqual(before);
});

test.each([
  { name: "no token", header: undefined },
  { name: "no bearer", header: "Basic abc" },
  { name: "a token that is none", header: "Bearer abc" },
  { name: "an unsigned token", header: `Bearer ${unsigned()}` },
])("$name is answered 401 with a challenge", async ({ header }) => {
  const headers = header === undefined ? {} : { authorization: header };

  const answer = await shop.call("GET", "/v1/orders", { headers });

  expectProblem(answer, 401, "unauthenticated");
  expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
});

const reportOf = (orderId: string) => ({
  orderId,
  sequence: 1,
  type: "approved",
  occurredAt: "2018-01-01T00:00:00Z",
});

test.each([
  { name: "a bad signature", changes: { signature: "v1,AAAA" }, code: "invalid-signature" },
  {
    name: "a signature of another scheme",
    changes: { signature: "v2,AAAA" },
    code: "invalid-signature",
  },
  {
    name: "a stale timestamp",
    changes: { timestampSeconds: 1_600_000_000 },
    code: "stale-timestamp",
  },
  {
    name: "a timestamp far in the future",
    changes: { timestampSeconds: 4_000_000_000 },
    code: "stale-timestamp",
  },
])("a webhook with $name is refused and reaches no stream", async ({ changes, code }) => {
  const { orderId } = await shop.settledOrder(access, sku);

  const answer = await shop.webhook(reportOf(orderId), changes);

  expectProblem(answer, 401, code);
  await nothingReaches(orderId);
});

test("a signed webhook over 64 KB is refused", async () => {
  const { orderId } = await shop.settledOrder(access, sku);

  const answer = await shop.webhook({ ...reportOf(orderId), extra: "x".repeat(70_000) });

  expectProblem(answer, 413, "payload-too-large");
  await nothingReaches(orderId);
});

/** A good report sent afterwards is the first and only thing that its stream has seen. */
async function nothingReaches(orderId: string): Promise<void> {
  await shop.report({ orderId, sequence: 1, type: "final-status", status: "processing" });
  const order = await shop.orderOnce(access, orderId, ({ status }) => status === "processing");
  expect(order.fulfilment).toMatchObject({
    status: "running",
    lastSequence: 1,
    parked: 0,
    violations: [],
  });
  expect(order.approvedAt).toBeUndefined();
}

async function orderIds(): Promise<unknown[]> {
  const items = await shop.items(shop.outputs.OrdersTable);
  return items.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`).sort();
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, type: answer.body.type }).toEqual({
    status,
    type: `urn:inorder:problem:${code}`,
  });
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(answer.body).toMatchObject({ status });
  expect(typeof answer.body["title"]).toBe("string");
  expect(typeof answer.body["detail"]).toBe("string");
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|at \w+ \(/);
}

const pointersOf = ({ body }: Answer): string[] =>
  ((body["errors"] ?? []) as { readonly pointer: string }[]).map(({ pointer }) => pointer);

function unsigned(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "at+jwt" })}.${part({ sub: "x", scope: "orders:read" })}.`;
}
