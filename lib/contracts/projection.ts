/**
 * Generations of a projection: one is read, the next is built beside it from the same events and
 * takes its place in one write. Which is which stands in one item that readers and writers look at.
 */
import { type DurationMs, seconds } from "#kernel/units";

/** What the item says. A generation's number is given once and never again. */
export type Generations = {
  /** Of the item: each change adds 1. 0: it was never written. */
  readonly version: number;
  /** What readers are shown. */
  readonly live: number;
  /** What is being built; whoever writes writes both. */
  readonly next?: number;
  /** How far the building has come: a position of the walk over all streams. */
  readonly walked?: string;
  /** Something of another generation than these may still be stored. */
  readonly leftover?: true;
  /** The highest number that was given. */
  readonly newest: number;
};

/** Whether both items say the same. */
export const isSameState = (one: Generations, other: Generations): boolean =>
  (Object.keys({ ...one, ...other }) as (keyof Generations)[]).every(
    (field) => one[field] === other[field],
  );

export const FIRST_GENERATION = 1;

export const untouched: Generations = {
  version: 0,
  live: FIRST_GENERATION,
  newest: FIRST_GENERATION,
};

/**
 * For so long what the item said when it was read may be begun with and may be what an end counts
 * by. Whoever changes it waits as long until nothing counts by the old state; what began under it
 * may still write until its function's time is over, for nothing.
 */
export const GENERATION_LEASE_MS: DurationMs = seconds(2);

/**
 * Contract (`test/contract/projection-contract.ts`): `read` is strongly consistent; `replace`
 * writes what follows on the version before it and answers false where that is not what stands
 * there, nothing written; what stands there already is answered true, since its answer may have
 * been lost (two who take the same step do the same work). Errors: `Failure` (retry).
 */
export type GenerationStore = {
  read(): Promise<Generations>;
  replace(generations: Generations): Promise<boolean>;
};

/**
 * Contract (`test/contract/projection-contract.ts`): every stream that was written before the
 * first page was asked for is in a page, at least once; a position may be kept and gone on from
 * at any time. Errors: `Failure` (retry).
 */
export type StreamWalk = {
  page(after: string | undefined): Promise<{
    readonly streams: readonly string[];
    /** Items that were looked at. */
    readonly looked: number;
    /** Absent on the last page. */
    readonly next?: string;
  }>;
};

/** What a projection's item stands under. */
export type ItemKey = { readonly pk: string; readonly sk: string };

/** What the item said when it was read. A later generation is somebody else's. */
type Kept = Pick<Generations, "live" | "newest">;

/**
 * Contract (`test/contract/projection-contract.ts`): removes what belongs to a generation other
 * than `live` and not later than `newest`, and nothing else; answers how many items. May be
 * repeated. Errors: `Failure` (retry).
 */
export type Leftovers = { drop(kept: Kept): Promise<number> };

/** Whether it was given out before the item was read, and is not what readers are shown. */
export const isLeftOver = (generation: number, { live, newest }: Kept): boolean =>
  generation <= newest && generation !== live;

/** A consumer's name in keys: that of the first generation is its own. */
export const consumerIn = (consumer: string, generation: number): string =>
  generation === FIRST_GENERATION ? consumer : `${consumer}@${generation}`;

/** A key or the partition of an index, apart from those of other generations. */
export const keyIn = (key: string, generation: number): string =>
  generation === FIRST_GENERATION ? key : `${generation}#${key}`;

/** The generation in what `consumerIn` made of `consumer`; undefined for another text. */
export function generationNamed(name: string, consumer: string): number | undefined {
  if (name === consumer) return FIRST_GENERATION;
  const [, digits] = name.startsWith(`${consumer}@`) ? name.split("@") : [];
  return digits === undefined ? undefined : Number(digits);
}
