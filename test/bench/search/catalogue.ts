/**
 * The whole published catalogue of Olist as product versions. Names were never published, so a
 * title is the category's words and the beginning of the product's id.
 */
import { join } from "node:path";
import { tableRows } from "#replay/table-file";
import type { ProductVersion } from "#services/products/search-ports";

const FILE = join(import.meta.dirname, "../../../data/olist/catalogue.csv.gz");

const COLUMNS = ["product_id", "category", "weight_g", "length_cm", "photos"] as const;

/** Its products have no published price: it follows from the weight, and so do the ratings. */
export async function olistCatalogue(): Promise<readonly ProductVersion[]> {
  const versions: ProductVersion[] = [];
  for await (const row of tableRows(FILE, COLUMNS)) {
    const sku = row.value("product_id");
    const category = row.value("category");
    const weightGrams = Number(row.value("weight_g") || 0);
    const photos = Number(row.value("photos") || 0);
    const product = {
      sku,
      title: `${category.replaceAll("_", " ")} ${sku.slice(0, 8)}`.trim(),
      ...(category === "" ? {} : { category }),
      images: [],
      currency: "BRL",
      price: 1_000 + weightGrams * 5,
      freight: 500,
      weightGrams,
      attributes: { length: `${row.value("length_cm")} cm`, weight: `${weightGrams} g` },
      deleted: false,
      rating: { count: photos, sum: photos * 4 },
      updatedAt: 0,
    };
    versions.push({ version: 1, product });
  }
  return versions;
}
