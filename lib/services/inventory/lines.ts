/**
 * The lines of a hold: what is asked for, and how a refusal is told.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import { type ReservationLine, type ReserveAnswer, STOCK_ITEMS_MAX } from "./ports.ts";

/** No item may occur twice in one transaction, so lines of one SKU become one. */
export function mergedLines(lines: readonly ReservationLine[]): readonly ReservationLine[] {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    quantities.set(sku, (quantities.get(sku) ?? 0) + quantity);
  }
  return [...quantities].map(([sku, quantity]) => ({ sku, quantity }));
}

export type Short = Extract<ReserveAnswer, { readonly skus: readonly string[] }>;

/** @param lines as they were asked for: what is short is told by their places. */
export function shortOf({ kind, skus }: Short, lines: readonly ReservationLine[]): Failure {
  const names = skus.join(", ");
  const message =
    kind === "out-of-stock"
      ? `Not enough stock of ${names}: order fewer units or leave them out.`
      : `The units of ${names} lie in more than the ${STOCK_ITEMS_MAX} stock items that one ` +
        "order takes from: order fewer units, or set fewer shards.";
  const details = lines.flatMap(({ sku }, index): FailureDetail[] =>
    skus.includes(sku)
      ? [{ pointer: `/lines/${index}`, sku, detail: `There is not enough of ${sku}.` }]
      : [],
  );
  return new Failure("out-of-stock", "reject", message, { details });
}
