/**
 * Many products created in one request, each as if it were sent alone: one that is refused keeps
 * none of the others back.
 */
import type { CreateProductBody, ProductView } from "#contracts/http/products";
import type { EpochMs } from "#kernel/units";
import { concurrently } from "#messaging/consumer/concurrently";
import { addProduct, type WritePorts } from "./write-product.ts";

export type AddedProduct =
  | { readonly sku: string; readonly view: ProductView }
  | { readonly sku: string; readonly error: unknown };

/** So many at once: each is a read and one or two writes. */
const AT_ONCE_MAX = 10;

/** In the order of the request; never rejects. */
export async function addProducts(
  ports: WritePorts,
  bodies: readonly CreateProductBody[],
  now: EpochMs,
): Promise<readonly AddedProduct[]> {
  const added = new Map<number, AddedProduct>();
  const works = bodies.map((body, place) => async () => {
    const { sku } = body;
    const result = await addProduct(ports, body, now).then(
      (view): AddedProduct => ({ sku, view }),
      (error: unknown): AddedProduct => ({ sku, error }),
    );
    added.set(place, result);
  });
  await concurrently(works, AT_ONCE_MAX);
  return bodies.flatMap((_body, place) => added.get(place) ?? []);
}
