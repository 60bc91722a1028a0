/**
 * The categories that products have been given.
 */
import type { CategoryList } from "#contracts/http/products";
import type { CategoryNames } from "./ports.ts";

/** Errors: what the store throws. */
export async function listCategories({
  categories,
}: {
  readonly categories: Pick<CategoryNames, "names">;
}): Promise<CategoryList> {
  const names = await categories.names();
  return { categories: names.toSorted().map((category) => ({ category })) };
}
