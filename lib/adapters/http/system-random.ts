/**
 * Chance for pauses between attempts; never for secrets.
 */

/** A number in [0, 1). */
export const systemRandom = (): number => Math.random();
