/**
 * Invoked by the operator: loads products into the catalogue.
 */
import { dynamoCategoryNames } from "#adapters/aws/dynamodb/category-names";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoProductStore } from "#adapters/aws/dynamodb/product-store";
import { SERVICES } from "#contracts/metrics";
import { importProducts } from "#contracts/operator";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { importIntoCatalogue } from "#services/products/import-products";

const { PRODUCTS_TABLE } = config("PRODUCTS_TABLE");

const catalogue = { client: dynamoClient(), table: PRODUCTS_TABLE };
const ports = {
  products: dynamoProductStore(catalogue),
  categories: dynamoCategoryNames(catalogue),
};

export const handler = taskFunction({
  service: SERVICES.products,
  schema: importProducts,
  handle: (input, { now }) => importIntoCatalogue(ports, input, now),
});
