/**
 * Loads products into the catalogue; loading the same again changes nothing.
 */
import type { ImportAnswer, ImportProducts } from "#contracts/operator";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import { type ImportedFacts, importProduct, type Product } from "./domain/product.ts";
import type { CategoryNames, ProductStore } from "./ports.ts";

export type ImportPorts = {
  readonly products: Pick<ProductStore, "read" | "write">;
  readonly categories: Pick<CategoryNames, "add">;
};

/**
 * What is not given stays as it is. The last of several with one SKU counts; where somebody else
 * changes a product at the same moment, it is read and decided again. Answers how many have
 * changed.
 *
 * Errors: `conflict` (retry) when others change the same products all the time; what the stores
 * throw; then some may have been written.
 */
export async function importIntoCatalogue(
  { products, categories }: ImportPorts,
  request: ImportProducts,
  now: EpochMs,
): Promise<ImportAnswer> {
  let left = new Map(request.products.map((given) => [given.sku, factsOfImport(given)]));
  const named = new Set([...left.values()].flatMap(({ category }) => category ?? []));
  if (named.size > 0) await categories.add([...named]);
  let written = 0;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const current = await products.read([...left.keys()]);
    const changed = [...left.values()].flatMap((given) =>
      change(current.get(given.sku), given, now),
    );
    const refused = new Set(changed.length === 0 ? [] : await products.write(changed));
    written += changed.length - refused.size;
    if (refused.size === 0) return { written };
    left = new Map([...left].filter(([sku]) => refused.has(sku)));
  }
  throw new Failure(
    "conflict",
    "retry",
    `Others were changing ${left.size} of the products all the time; load them again.`,
  );
}

const ATTEMPTS_MAX = 5;

function change(
  current: Product | undefined,
  given: ImportedFacts,
  now: EpochMs,
): readonly Product[] {
  const wanted = importProduct(current, given, now);
  return wanted === current ? [] : [wanted];
}

/** Without the names of what is not given, which would take it away. */
const factsOfImport = (given: ImportProducts["products"][number]): ImportedFacts => {
  const { title, description, category, weightGrams, images, attributes, ...rest } = given;
  return {
    ...rest,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(category === undefined ? {} : { category }),
    ...(weightGrams === undefined ? {} : { weightGrams }),
    ...(images === undefined ? {} : { images }),
    ...(attributes === undefined ? {} : { attributes }),
  };
};
