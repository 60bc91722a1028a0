/**
 * POST /v1/products/bulk: as many products as one request may hold, each with an answer of its own.
 * Sent again it answers what it answered, since each product is found by its SKU.
 */
import { entityTag } from "#adapters/http/entity-tag";
import {
  BULK_BYTES_MAX,
  createProductsBody,
  type CreatedProducts,
} from "#contracts/http/bulk-products";
import type { Problem } from "#contracts/http/problem";
import { asFailure, problemOf } from "#runtime/http-errors";
import { type HttpRoute, route } from "#runtime/http-route";
import { type AddedProduct, addProducts } from "#services/products/add-products";
import type { WritePorts } from "#services/products/write-product";

export const bulkRoute = (ports: WritePorts): HttpRoute =>
  route({
    route: "POST /v1/products/bulk",
    bodySchema: createProductsBody,
    bodyBytesMax: BULK_BYTES_MAX,
    async handle({ body, now }) {
      const added = await addProducts(ports, body.products, now);
      const answer: CreatedProducts = { results: added.map(resultOf) };
      return { status: 200, body: answer };
    },
  });

function resultOf(added: AddedProduct, place: number): CreatedProducts["results"][number] {
  const { sku } = added;
  if ("error" in added) {
    const problem = placed(problemOf(asFailure(added.error)), place);
    return { sku, status: problem.status, problem };
  }
  const { version } = added.view;
  return { sku, status: 201, etag: entityTag(added.view), version };
}

/** Its pointers lead into the body of the request. */
const placed = ({ errors, ...problem }: Problem, place: number): Problem => ({
  ...problem,
  ...(errors !== undefined && {
    errors: errors.map((error) => ({ ...error, pointer: `/products/${place}${error.pointer}` })),
  }),
});
