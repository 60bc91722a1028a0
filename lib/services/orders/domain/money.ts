/**
 * Shares of amounts, exact for every amount that an order may have: in big integers, because the
 * product of two amounts is beyond what a number holds.
 */
import { allocate, calculator, dinero, down, halfUp, toSnapshot } from "dinero.js/bigint";

const ONE = 10_000n;

/** Minor units that `basisPoints` of an amount are, rounded down. */
export const shareDown = (amount: number, basisPoints: number): number =>
  Number(down(BigInt(amount) * BigInt(basisPoints), ONE, calculator));

/** The same, rounded to the nearest, a half up. */
export const shareHalfUp = (amount: number, basisPoints: number): number =>
  Number(halfUp(BigInt(amount) * BigInt(basisPoints), ONE, calculator));

/** So many parts of an amount of which `whole` make it up, rounded down. */
export const partDown = (amount: number, parts: number, whole: number): number =>
  Number(down(BigInt(amount) * BigInt(parts), BigInt(whole), calculator));

/** What of an amount is the share that was put on top of it, to the nearest, a half up. */
export const containedHalfUp = (amount: number, basisPoints: number): number =>
  Number(halfUp(BigInt(amount) * BigInt(basisPoints), ONE + BigInt(basisPoints), calculator));

/**
 * An amount in parts as the weights are to each other. The parts are integers and add up to the
 * amount; what has no weight gets nothing. Not all weights are 0, unless the amount is.
 */
export function split(amount: number, weights: readonly number[]): readonly number[] {
  if (amount === 0) return weights.map(() => 0);
  // Splitting needs no name of a currency; its base is where minor units come from.
  const whole = dinero({ amount: BigInt(amount), currency: { code: "", base: 10n, exponent: 0n } });
  return allocate(whole, weights.map(BigInt)).map((part) => Number(toSnapshot(part).amount));
}
