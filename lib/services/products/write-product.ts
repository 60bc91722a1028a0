/**
 * Changes of the catalogue over HTTP: each reads the product, decides, and writes the next version
 * on the condition that nobody else has.
 */
import {
  type CreateProductBody,
  type PatchProductBody,
  productContent,
  type ProductView,
} from "#contracts/http/products";
import { Failure } from "#kernel/failure";
import { mergePatch } from "#kernel/merge-patch";
import type { EpochMs } from "#kernel/units";
import {
  createProduct,
  factsOf,
  type Product,
  type ProductFacts,
  reviseProduct,
  withdrawProduct,
} from "./domain/product.ts";
import { noProduct, storedProduct } from "./get-product.ts";
import type { CategoryNames, ProductStore } from "./ports.ts";
import { contentOf, factsOfContent, productViewOf } from "./view.ts";

export type WritePorts = {
  readonly products: Pick<ProductStore, "get" | "write">;
  readonly categories: Pick<CategoryNames, "add">;
};

/** Whether the caller speaks of the product as it is now. */
export type IsExpected = (current: ProductView) => boolean;

export type WriteRequest = { readonly sku: string; readonly now: EpochMs };

/**
 * The same content for the same SKU once more is answered as the first time.
 * Errors: `conflict` (reject) for a SKU that is taken; what the stores throw.
 */
export async function addProduct(
  ports: WritePorts,
  { sku, ...content }: CreateProductBody,
  now: EpochMs,
): Promise<ProductView> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await ports.products.get(sku);
    const made = createProduct(current, factsOfContent(sku, content), now);
    if (await isWritten(ports, current, made)) return productViewOf(made);
  }
  throw overtaken();
}

/**
 * Errors: `not-found`, `precondition-failed` (the product is not as expected, or no longer when it
 * is written), `invalid-request` for what the patch makes of it (all reject); what the stores
 * throw.
 */
export async function patchProduct(
  ports: WritePorts,
  { sku, now }: WriteRequest,
  { patch, isExpected }: { readonly patch: PatchProductBody; readonly isExpected: IsExpected },
): Promise<ProductView> {
  const current = await storedProduct(ports, sku);
  if (current.deleted) throw noProduct();
  if (!isExpected(productViewOf(current))) throw stale();
  const revised = reviseProduct(current, patched(current, patch), now);
  if (!(await isWritten(ports, current, revised))) throw stale();
  return productViewOf(revised);
}

/**
 * Done when it is withdrawn, by whomever.
 * Errors: `not-found`, `precondition-failed` (reject); what the store throws.
 */
export async function removeProduct(
  ports: WritePorts,
  { sku, now }: WriteRequest,
  isExpected: IsExpected,
): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await storedProduct(ports, sku);
    if (current.deleted) return;
    if (!isExpected(productViewOf(current))) throw stale();
    if (await isWritten(ports, current, withdrawProduct(current, now))) return;
  }
  throw overtaken();
}

const ATTEMPTS_MAX = 5;

/** A product never names a category that is not in the list of them, so that comes first. */
async function isWritten(
  { products, categories }: WritePorts,
  current: Product | undefined,
  wanted: Product,
): Promise<boolean> {
  if (wanted === current) return true;
  const { category } = wanted;
  if (category !== undefined && category !== current?.category) await categories.add([category]);
  return (await products.write([wanted])).length === 0;
}

function patched(current: Product, patch: PatchProductBody): ProductFacts {
  const document = mergePatch(contentOf(factsOf(current)), patch);
  const result = productContent.safeParse(document);
  if (result.success) return factsOfContent(current.sku, result.data);
  const details = result.error.issues.map(({ path, message }) => ({
    pointer: `/${path.join("/")}`,
    detail: message,
  }));
  throw new Failure("invalid-request", "reject", "What the patch makes is no product.", {
    details,
  });
}

const stale = (): Failure =>
  new Failure(
    "precondition-failed",
    "reject",
    "The product has changed since; get it again and decide anew.",
  );

const overtaken = (): Failure =>
  new Failure("conflict", "retry", "Others were changing the product all the time; try again.");
