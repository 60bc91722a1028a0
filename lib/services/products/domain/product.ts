/**
 * What may become of a product. Every change is the next version of the whole product; its version
 * is the sequence under which others hear of it, so nothing that changes nothing makes one.
 */
import { Failure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";
import type { EpochMs } from "#kernel/units";

/** What is said about a product. Amounts are minor units of `currency`. */
export type ProductFacts = {
  readonly sku: string;
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
  /** https URLs, or keys of the shop's image store. */
  readonly images: readonly string[];
  readonly currency: string;
  readonly price: number;
  /** For each unit sent. */
  readonly freight: number;
  readonly weightGrams?: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
};

/** Of the published reviews: how many, and their stars together. */
export type Rating = { readonly count: number; readonly sum: number };

export type Product = ProductFacts & {
  /** Withdrawn: nobody sees it or can order it; what was written about it stays. */
  readonly deleted: boolean;
  readonly rating?: Rating;
  /** From 1, without a gap; 0 for one that was stored before there were versions. */
  readonly version: number;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
};

/** Facts that an import gives; those it does not give stay, or have the least that is valid. */
export type ImportedFacts = Partial<ProductFacts> &
  Pick<ProductFacts, "sku" | "currency" | "price" | "freight">;

/**
 * A withdrawn product is taken up again; one that stands there with the same facts is the answer to
 * a repeated request.
 *
 * @throws Failure `conflict`, action `reject`, for a SKU that stands for something else.
 */
export function createProduct(
  current: Product | undefined,
  facts: ProductFacts,
  now: EpochMs,
): Product {
  if (current === undefined || current.deleted) return next(current, facts, now);
  if (isSame(current, facts)) return current;
  throw new Failure("conflict", "reject", `The SKU ${facts.sku} stands for another product.`, {
    details: [{ pointer: "/sku", detail: "Take another SKU, or change the product by PATCH." }],
  });
}

/** The same product where the facts are what it has. */
export const reviseProduct = (current: Product, facts: ProductFacts, now: EpochMs): Product =>
  isSame(current, facts) && !current.deleted ? current : next(current, facts, now);

/** Brought up to what an operator loads; a withdrawn one is taken up again. */
export function importProduct(
  current: Product | undefined,
  given: ImportedFacts,
  now: EpochMs,
): Product {
  const before = current === undefined ? UNSAID : factsOf(current);
  const facts = { title: given.sku, ...before, ...given };
  return current === undefined ? next(current, facts, now) : reviseProduct(current, facts, now);
}

/** Withdrawn already: the same product. */
export const withdrawProduct = (current: Product, now: EpochMs): Product =>
  current.deleted
    ? current
    : { ...current, deleted: true, version: current.version + 1, updatedAt: now };

export function factsOf(product: Product): ProductFacts {
  const { deleted: _1, rating: _2, version: _3, createdAt: _4, updatedAt: _5, ...facts } = product;
  return facts;
}

const UNSAID = { images: [], attributes: {} } as const;

function next(current: Product | undefined, facts: ProductFacts, now: EpochMs): Product {
  return {
    ...facts,
    deleted: false,
    ...(current?.rating === undefined ? {} : { rating: current.rating }),
    version: (current?.version ?? 0) + 1,
    createdAt: current?.createdAt ?? now,
    updatedAt: now,
  };
}

/** A product from before versions is never the same, so that it gets its first. */
const isSame = (current: Product, facts: ProductFacts): boolean =>
  current.version > 0 && canonicalJson(factsOf(current)) === canonicalJson(facts);
