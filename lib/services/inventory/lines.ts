/**
 * The lines of a hold: what is asked for, and how a refusal is told.
 */
import type { ShortLine } from "#contracts/short-stock";
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

export type Short = Extract<ReserveAnswer, { readonly kind: "out-of-stock" | "scattered" }>;

/** @param lines as they were asked for: what is short is told by their places. */
export function shortOf(answer: Short, lines: readonly ReservationLine[]): Failure {
  const short = new Map(shortLines(answer, lines).map((line) => [line.sku, line]));
  const names = named([...short.keys()]);
  const message =
    answer.kind === "out-of-stock"
      ? `Not enough stock of ${names}: order fewer units or leave them out.`
      : `The units of ${names} lie in more than the ${STOCK_ITEMS_MAX} stock items that one ` +
        "order takes from: order fewer units, or set fewer shards.";
  const details = lines.flatMap(({ sku }, index): FailureDetail[] => {
    const line = short.get(sku);
    const detail = `There is not enough of ${sku}.`;
    return line === undefined ? [] : [{ pointer: `/lines/${index}`, detail, ...line }];
  });
  return new Failure("out-of-stock", "reject", message, { details });
}

/** What is scattered is there; how many units of it one order could take is not known. */
function shortLines(answer: Short, lines: readonly ReservationLine[]): readonly ShortLine[] {
  if (answer.kind === "out-of-stock") return answer.short;
  return mergedLines(lines)
    .filter(({ sku }) => answer.skus.includes(sku))
    .map(({ sku, quantity }) => ({ sku, requested: quantity }));
}

/** Prose stays readable; all of them are in the details. */
const NAMED_MAX = 10;

const named = (skus: readonly string[]): string =>
  skus.length <= NAMED_MAX
    ? skus.join(", ")
    : `${skus.slice(0, NAMED_MAX).join(", ")} and ${skus.length - NAMED_MAX} more`;
