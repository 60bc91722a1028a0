/**
 * Which generation of a projection an item of its table belongs to, by the item's sort key.
 */
import { ITEM_PREFIXES } from "#contracts/item-prefixes";
import { generationNamed } from "#contracts/projection";

const HELD: readonly string[] = [ITEM_PREFIXES.head, ITEM_PREFIXES.parked];

/** Of a projection's head or parked body; undefined for another item. */
export function generationOfHead(sk: string, consumer: string): number | undefined {
  const [kind = "", name = ""] = sk.split("#");
  return HELD.includes(`${kind}#`) ? generationNamed(name, consumer) : undefined;
}
