/**
 * What anybody may know of the shop: whether it runs and can work, its routes and its events.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoTableProbe } from "#adapters/aws/dynamodb/table-probe";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { milliseconds, seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { readiness } from "#services/gateway/readiness";
import asyncApi from "../../docs/asyncapi.json" with { type: "json" };
import openApi from "../../docs/openapi.json" with { type: "json" };
import { documentRoutes } from "./document-routes.ts";
import { HEALTH_FRESH_SECONDS, healthRoutes } from "./health-routes.ts";

const environment = config(
  "ORDERS_TABLE",
  "PRODUCTS_TABLE",
  "STOCK_TABLE",
  "PAYMENTS_TABLE",
  "CLIENTS_TABLE",
  "TOKEN_ISSUER",
);

/** Without any one of them no order is taken. */
const needed = [
  { name: "orders", table: environment.ORDERS_TABLE, keys: ["pk", "sk"] },
  { name: "products", table: environment.PRODUCTS_TABLE, keys: ["sku"] },
  { name: "stock", table: environment.STOCK_TABLE, keys: ["pk", "sk"] },
  { name: "payments", table: environment.PAYMENTS_TABLE, keys: ["pk", "sk"] },
  { name: "clients", table: environment.CLIENTS_TABLE, keys: ["clientId"] },
];

const isReady = readiness({
  probes: needed.map((table) => dynamoTableProbe({ client: dynamoClient(), ...table })),
  clock: systemClock,
  freshFor: seconds(HEALTH_FRESH_SECONDS),
  limit: milliseconds(1_500),
});

export const handler = httpFunction({
  service: SERVICES.gateway,
  routes: [
    ...healthRoutes(isReady),
    // Tokens are issued at the API's own address.
    ...documentRoutes({ openApi, asyncApi }, environment.TOKEN_ISSUER),
  ],
});
