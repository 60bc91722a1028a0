/**
 * A seeded generator: the same seed draws the same numbers on every machine, so a run can be
 * repeated.
 */

export type Rng = {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, below). */
  int(below: number): number;
  /**
   * A generator of its own for one purpose, so that draws for one do not shift those of another.
   */
  fork(purpose: string): Rng;
};

/** mulberry32: 32 bits of state, good enough to draw test traffic, never for secrets. */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    int: (below) => Math.floor(next() * below),
    fork: (purpose) => seededRng(fnv1a(`${seed}/${purpose}`)),
  };
}

/** Fisher-Yates on a copy. */
export function shuffled<Item>(items: readonly Item[], rng: Rng): Item[] {
  const rest = [...items];
  const drawn: Item[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(rng.int(rest.length), 1));
  return drawn;
}

/** FNV-1a, 32 bits: a quick, even spread of text over numbers. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
