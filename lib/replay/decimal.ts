/**
 * Amounts as the files write them, read into integers without ever being a float.
 */
import type { MinorUnits } from "#kernel/units";

/** Nine digits before the point: an order of the largest lines still is an exact integer. */
const AMOUNT = /^(\d{1,9})(?:\.(\d{1,2}))?$/;

/** "58.9" is 5890 cents; undefined for anything but digits with at most two places. */
export function minorUnitsOf(text: string): MinorUnits | undefined {
  const parts = AMOUNT.exec(text);
  if (parts === null) return undefined;
  const [, whole = "", fraction = ""] = parts;
  return Number(whole + fraction.padEnd(2, "0")) as MinorUnits;
}
