/**
 * What a bulk of products says of each: as if it had been sent alone.
 */
import { entityTag } from "#adapters/http/entity-tag";
import type { CreatedProducts } from "#contracts/http/bulk-products";
import type { Problem } from "#contracts/http/problem";
import { asFailure, isServerError, problemOf } from "#runtime/http-errors";
import type { AddedProduct } from "#services/products/add-products";

/** @param traceId for the operator; told of what failed on our side */
export const resultOf =
  (traceId: string | undefined) =>
  (added: AddedProduct, place: number): CreatedProducts["results"][number] => {
    const { sku } = added;
    if (!("error" in added)) {
      const { version } = added.view;
      return { sku, status: 201, etag: entityTag(added.view), version };
    }
    const problem = placed(problemOf(asFailure(added.error)), place);
    const { status } = problem;
    return { sku, status, problem: isServerError(status) ? { ...problem, traceId } : problem };
  };

/** Its pointers lead into the body of the request. */
const placed = ({ errors, ...problem }: Problem, place: number): Problem => ({
  ...problem,
  ...(errors !== undefined && {
    errors: errors.map((error) => ({ ...error, pointer: `/products/${place}${error.pointer}` })),
  }),
});
