/**
 * What placing an order works with: prices, carts, and the one write that makes the order.
 */
import { dynamoCartStore } from "#adapters/aws/dynamodb/cart-store";
import { dynamoCatalogue } from "#adapters/aws/dynamodb/catalogue";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoOrderPlacements } from "#adapters/aws/dynamodb/order-placements";
import type { PlaceOrderPorts } from "#services/orders/usecases/place-order";

export function placingPorts(
  environment: Readonly<Record<"ORDERS_TABLE" | "CARTS_TABLE" | "PRODUCTS_TABLE", string>>,
): PlaceOrderPorts {
  const client = dynamoClient();
  const { ORDERS_TABLE: table, CARTS_TABLE: cartsTable, PRODUCTS_TABLE: products } = environment;
  return {
    catalogue: dynamoCatalogue({ client, table: products }),
    store: dynamoOrderPlacements({ client, table, cartsTable }),
    carts: dynamoCartStore({ client, table: cartsTable }),
  };
}
