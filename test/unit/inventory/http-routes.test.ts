// Stock over HTTP, for those whose token lets them see or correct it.
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { beforeEach, expect, test } from "vitest";
import { adjustmentView, stockView } from "#contracts/http/inventory";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { keptAnswers } from "#runtime/kept-answers";
import { stockRoutes } from "../../../functions/inventory/routes.ts";
import { memoryInventory } from "../../support/memory-inventory.ts";
import { idempotencyTable } from "../../simulation/powertools/idempotency-table.ts";
import {
  countedSurroundings,
  type GatewayRequest,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;

let shop: ReturnType<typeof memoryInventory>;
let records: ReturnType<typeof idempotencyTable>;

beforeEach(async () => {
  records = idempotencyTable(() => undefined);
  shop = memoryInventory();
  await shop.stock.receive("lamp", 10);
  await shop.stock.reserve("order-1", [{ sku: "lamp", quantity: 3 }], noon);
});

async function call(request: GatewayRequest, scopes: readonly string[]) {
  const verifier = { verify: async () => ({ id: "staff-1", scopes }) };
  const client = records.client("function", async (_operation, _kind, effect) => effect());
  const layer = new DynamoDBPersistenceLayer({ tableName: "answers", awsSdkV3Client: client });
  const handler = httpFunction(
    {
      service: "inventory",
      verifier,
      answers: keptAnswers(layer),
      routes: stockRoutes(shop),
    },
    countedSurroundings(noon),
    untraced,
  );
  const headers = { authorization: "Bearer token", ...request.headers };
  return handler(gatewayEvent({ ...request, headers }), lambdaContext());
}

const look = (sku: string, scopes: readonly string[] = ["inventory:read"]) =>
  call({ method: "GET", resource: "/v1/inventory/{sku}", parameters: { sku } }, scopes);

const adjust = (
  body: unknown,
  { sku = "lamp", key = "key-1", scopes = ["inventory:write"] as readonly string[] } = {},
) =>
  call(
    {
      method: "POST",
      resource: "/v1/inventory/{sku}/adjustments",
      parameters: { sku },
      headers: { "idempotency-key": key },
      body,
    },
    scopes,
  );

test("what is there, what is promised, what is left", async () => {
  const answer = await look("lamp");

  expect(stockView.parse(JSON.parse(answer.body))).toEqual({
    sku: "lamp",
    onHand: 10,
    reserved: 3,
    available: 7,
    sold: 0,
  });
  expect(answer.headers?.["cache-control"]).toBe("no-store");
});

test.each(["sofa", "", "a b", "x".repeat(3000)])("the SKU %j has no stock record", async (sku) => {
  expect((await look(sku)).statusCode).toBe(404);
  expect((await adjust({ delta: 1, reason: "found" }, { sku })).statusCode).toBe(404);
});

test("the scope of orders shows no stock, that of reading corrects none", async () => {
  expect((await look("lamp", ["orders:read"])).statusCode).toBe(403);
  const reading = { scopes: ["inventory:read"] };
  expect((await adjust({ delta: 1, reason: "found" }, reading)).statusCode).toBe(403);
});

test("an adjustment is recorded and counts once for its key", async () => {
  const answers = [
    await adjust({ delta: -2, reason: "broken" }),
    await adjust({ delta: -2, reason: "broken" }),
  ];

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
  expect(adjustmentView.parse(JSON.parse(answers[0]?.body ?? ""))).toMatchObject({
    sku: "lamp",
    delta: -2,
    reason: "broken",
    adjustedAt: "2023-11-14T22:13:20.000Z",
  });
  expect(answers[1]?.body).toBe(answers[0]?.body);
  expect(await shop.stock.levels(["lamp"])).toEqual([
    { sku: "lamp", onHand: 8, reserved: 3, sold: 0 },
  ]);
});

test("it counts once also where the answer's record was lost", async () => {
  const first = await adjust({ delta: -2, reason: "broken" });
  records = idempotencyTable(() => undefined);

  const again = await adjust({ delta: -2, reason: "broken" });
  records = idempotencyTable(() => undefined);
  const other = await adjust({ delta: -3, reason: "broken" });

  expect(again.body).toBe(first.body);
  expect(other.statusCode).toBe(422);
  expect(await shop.stock.levels(["lamp"])).toEqual([
    { sku: "lamp", onHand: 8, reserved: 3, sold: 0 },
  ]);
});

test("more than is available is not taken", async () => {
  const answer = await adjust({ delta: -8, reason: "broken" });

  expect(answer.statusCode).toBe(409);
  expect(JSON.parse(answer.body)).toMatchObject({
    detail: expect.stringContaining("Fewer than 8 units of lamp are available") as unknown,
    errors: [{ pointer: "/delta", sku: "lamp" }],
  });
});

test.each([
  { body: { delta: 0, reason: "x" }, says: "/delta" },
  { body: { delta: 1.5, reason: "x" }, says: "/delta" },
  { body: { delta: 1_000_000_001, reason: "x" }, says: "/delta" },
  { body: { delta: 1, reason: "" }, says: "/reason" },
  { body: { delta: 1, reason: "x", sku: "sofa" }, says: "/sku" },
])("the adjustment $body is refused at $says", async ({ body, says }) => {
  const answer = await adjust(body);

  expect(answer.statusCode).toBe(400);
  expect(answer.body).toContain(says);
});
