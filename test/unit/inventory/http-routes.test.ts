// Stock over HTTP, for those whose token lets them see it.
import { expect, test } from "vitest";
import { memoryStockStore } from "#adapters/memory/stock-store";
import { stockView } from "#contracts/http/inventory";
import type { EpochMs } from "#kernel/units";
import { httpFunction } from "#runtime/http-function";
import { stockRoute } from "../../../functions/inventory/routes.ts";
import {
  countedSurroundings,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";

const noon = 1_700_000_000_000 as EpochMs;

async function call(sku: string, scopes: readonly string[] = ["inventory:read"]) {
  const stock = memoryStockStore();
  await stock.receive("lamp", 10);
  await stock.reserve("order-1", [{ sku: "lamp", quantity: 3 }], noon);
  const verifier = { verify: async () => ({ id: "staff-1", scopes }) };
  const handler = httpFunction(
    { service: "inventory", verifier, routes: [stockRoute({ stock })] },
    countedSurroundings(noon),
    untraced,
  );
  const headers = { authorization: "Bearer token" };
  const event = { method: "GET", resource: "/v1/inventory/{sku}", parameters: { sku }, headers };
  return handler(gatewayEvent(event), lambdaContext());
}

test("what is there, what is promised, what is left", async () => {
  const answer = await call("lamp");

  expect(stockView.parse(JSON.parse(answer.body))).toEqual({
    sku: "lamp",
    onHand: 10,
    reserved: 3,
    available: 7,
  });
  expect(answer.headers?.["cache-control"]).toBe("no-store");
});

test.each(["sofa", "", "a b", "x".repeat(3000)])("the SKU %j has no stock record", async (sku) => {
  expect((await call(sku)).statusCode).toBe(404);
});

test("the scope of orders does not show the stock", async () => {
  expect((await call("lamp", ["orders:read"])).statusCode).toBe(403);
});
