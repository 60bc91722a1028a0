/**
 * What the main job reads before it starts anything: the orders to replay and the catalogue they
 * are drawn from.
 */
import { join } from "node:path";
import { isFailure } from "#kernel/failure";
import { type Catalogue, type FileOrder, readCatalogue, readOrders } from "#replay/olist";
import { type PlannedOrder, planReplay } from "#replay/plan";
import { type StartOptions, UsageError } from "./start-options.ts";

const DATA = join(import.meta.dirname, "..", "..", "data", "olist");
const ORDERS_DEFAULT = 300;

export type Prepared = {
  readonly catalogue: Catalogue;
  readonly plan: readonly PlannedOrder[];
};

type Options = Pick<
  StartOptions,
  "orders" | "ordersFile" | "seed" | "duplicates" | "disorder" | "poison"
>;

/** Throws `UsageError` in one line for a file that cannot be used or has too few orders. */
export async function prepareReplay(options: Options): Promise<Prepared> {
  try {
    const [orders, catalogue] = await Promise.all([
      readOrders(options.ordersFile ?? join(DATA, "orders.csv.gz")),
      readCatalogue({
        items: join(DATA, "order_items.csv.gz"),
        products: join(DATA, "products.csv.gz"),
      }),
    ]);
    const { seed, duplicates, disorder, poison } = options;
    const chosen = firstOf(orders, options);
    const plan = planReplay({ orders: chosen, catalogue, seed, duplicates, disorder, poison });
    return { catalogue, plan };
  } catch (error) {
    if (isFailure(error)) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function firstOf(orders: readonly FileOrder[], options: Options): readonly FileOrder[] {
  const { orders: wanted, ordersFile } = options;
  if (wanted !== undefined && wanted > orders.length) {
    const file = ordersFile ?? "data/olist/orders.csv.gz";
    throw new UsageError(
      `--orders ${wanted}: ${file} has ${orders.length} orders, ask for that many or fewer.`,
    );
  }
  return orders.slice(0, wanted ?? ORDERS_DEFAULT);
}
