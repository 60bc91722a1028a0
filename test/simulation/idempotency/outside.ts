/**
 * What the effects write to. It keeps every effect that it took; under a fence it also keeps the
 * highest attempt that it has seen, and takes nothing from an earlier one.
 */
import type { IdempotencyPlant } from "./plant.ts";
import type { Work } from "./requests.ts";

export type Effected = { readonly work: Work; readonly attempt: number };

export type Outside = {
  /** A write arrives. False: refused. */
  take(effect: Effected): boolean;
  /** How often that work has had its effect. */
  times(work: Work): number;
  /** Under a fence each effect replaces the one before it. */
  standing(entity: string): Effected | undefined;
  readonly taken: () => number;
};

/** With what it has seen an attempt is compared. */
const isNotOlder = (lastSeen: number | undefined, attempt: number): boolean =>
  lastSeen === undefined || lastSeen <= attempt;

export function outside(
  isFenced: boolean,
  { takesAttempt = isNotOlder }: IdempotencyPlant,
  onTaken: (effect: Effected) => void,
): Outside {
  const standing = new Map<string, Effected>();
  const counts = new Map<string, number>();
  let taken = 0;

  return {
    take(effect) {
      const { work, attempt } = effect;
      const seen = standing.get(work.entity)?.attempt;
      if (isFenced && !takesAttempt(seen, attempt)) return false;
      standing.set(work.entity, effect);
      counts.set(nameOf(work), (counts.get(nameOf(work)) ?? 0) + 1);
      taken += 1;
      onTaken(effect);
      return true;
    },
    times: (work) => counts.get(nameOf(work)) ?? 0,
    standing: (entity) => standing.get(entity),
    taken: () => taken,
  };
}

/** One piece of work: a content of one rank of one entity. */
const nameOf = ({ entity, rank, payload }: Work): string => `${entity}/${rank}/${payload}`;
