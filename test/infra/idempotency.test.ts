/**
 * Kept answers: which routes have them, and that the table is told to forget them and is open to
 * their functions alone.
 */
import { describe, expect, test } from "vitest";
import { PROVIDER_ROUTES } from "#contracts/http/provider-routes";
import type { Route } from "#contracts/http/route";
import { ROUTES } from "#contracts/http/routes";
import { STAGES } from "#contracts/outputs";
import { functionId } from "#infra/functions";
import { fields, list, statements, templatesOf } from "./templates.ts";

const rows: readonly Route[] = [...ROUTES, ...PROVIDER_ROUTES];
const changing = rows.flatMap((row) => (row.method === "GET" ? [] : [row]));
const kept = changing.filter(({ repetition }) => repetition === "answered-from-record");

test("every route that changes something says what becomes of a repetition", () => {
  expect(
    changing.map(({ method, path, repetition }) => `${method} ${path}: ${repetition}`),
  ).toEqual([
    "POST /v1/products: found-by-key",
    "POST /v1/products/bulk: found-by-key",
    "PATCH /v1/products/{sku}: version-checked",
    "DELETE /v1/products/{sku}: same-state",
    "POST /v1/products/{sku}/reviews: found-by-key",
    "PATCH /v1/products/{sku}/reviews/{reviewId}: version-checked",
    "DELETE /v1/products/{sku}/reviews/{reviewId}: same-state",
    "POST /v1/products/{sku}/reviews/{reviewId}/moderate: same-state",
    "POST /v1/products/search: changes-nothing",
    "POST /v1/inventory/{sku}/adjustments: answered-from-record",
    "PUT /v1/inventory/{sku}/shards: same-state",
    "POST /v1/reservations: found-by-key",
    "DELETE /v1/reservations/{reservationId}: same-state",
    "POST /v1/orders: found-by-key",
    "POST /v1/carts: expires-unused",
    "POST /v1/carts/{cartId}/items: found-by-key",
    "PATCH /v1/carts/{cartId}/items/{sku}: version-checked",
    "DELETE /v1/carts/{cartId}/items/{sku}: version-checked",
    "POST /v1/carts/{cartId}/merge: version-checked",
    "POST /v1/orders/{orderId}/cancel: decided-once",
    "POST /v1/orders/{orderId}/review: decided-once",
    "POST /v1/orders/{orderId}/refunds: found-by-key",
    "POST /v1/orders/{orderId}/returns: found-by-key",
    "POST /v1/orders/{orderId}/returns/{returnId}/receive: decided-once",
    "POST /v1/admin/sagas/{orderId}/retry: decided-once",
    "POST /v1/admin/sagas/{orderId}/resolve: decided-once",
    "POST /v1/webhook-endpoints: found-by-key",
    "PATCH /v1/webhook-endpoints/{endpointId}: version-checked",
    "DELETE /v1/webhook-endpoints/{endpointId}: version-checked",
    "POST /v1/webhook-endpoints/{endpointId}/test: answered-from-record",
    "POST /v1/webhook-endpoints/{endpointId}/rotate-secret: version-checked",
    "POST /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/replay: answered-from-record",
    "POST /oauth2/token: changes-nothing",
    "POST /v1/webhooks/fulfilment: ordered-consumer",
    "POST /v1/webhooks/payments: ordered-consumer",
    "POST /payments: found-by-key",
    "PUT /webhook: same-state",
    "POST /payments/{paymentId}/capture: found-by-key",
    "POST /payments/{paymentId}/void: found-by-key",
    "POST /payments/{paymentId}/refunds: found-by-key",
  ]);
});

describe.each(STAGES)("in %s", (name) => {
  const templates = templatesOf(name);
  const [table, ...others] = templates
    .ofType("AWS::DynamoDB::GlobalTable")
    .filter(({ id }) => id.startsWith("Idempotency"));

  test("one table, with Powertools' key and expiry", () => {
    expect(others).toEqual([]);
    expect(table?.properties).toMatchObject({
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      TimeToLiveSpecification: { AttributeName: "expiration", Enabled: true },
    });
  });

  test("only functions with kept answers may use it, for exactly what the layer sends", () => {
    const granted = statements(templates).filter(({ resources, owner }) =>
      resources.some((one) => templates.behind(one, owner.stack) === table),
    );
    const functions = new Set(kept.map(({ entry }) => functionId(entry)));
    expect(granted.map(({ owner }) => roleOf(owner.properties))).toEqual(
      [...functions].map((id) => expect.stringMatching(new RegExp(`^${id}`)) as string),
    );
    for (const { actions } of granted) {
      expect(actions.toSorted()).toEqual([
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:UpdateItem",
      ]);
    }
  });
});

const roleOf = (properties: Parameters<typeof fields>[0]): unknown =>
  fields(list(fields(properties)["Roles"])[0])["Ref"];
