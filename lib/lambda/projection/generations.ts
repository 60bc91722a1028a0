/**
 * What a function knows of a projection's generations: read once for a short while, and looked at
 * again before anything that was done by it counts. So whoever changes generations knows how long
 * to wait until nobody goes by the old ones, and no write of the way of live events is dearer.
 */
import { GENERATION_LEASE_MS, type Generations, type GenerationStore } from "#contracts/projection";
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";

export type KnownGenerations = {
  /**
   * Answers what `use` answers under generations that are still in force when it ends; else it is
   * called again under the new ones, so it must be repeatable. Errors: those of `use` and of the
   * store; `conflict` (retry) when they change faster than anything ends.
   */
  within<Answer>(use: (generations: Generations) => Promise<Answer>): Promise<Answer>;
  /**
   * The same for what only reads, which may go by an old generation for nothing: it begins with
   * what is known, and what the item says now is asked for meanwhile, so that a reader who comes
   * after a pause waits for one answer and not for two in turn. Errors: as `within`.
   */
  reading<Answer>(read: (live: number) => Promise<Answer>): Promise<Answer>;
};

export type KnownGenerationsProps = {
  readonly store: Pick<GenerationStore, "read">;
  readonly clock: Pick<Clock, "now">;
};

/** A rebuild changes them three times in its whole course. */
const TURNS_MAX = 4;

/** Built once for each sandbox: it remembers what it has read. */
export function knownGenerations({ store, clock }: KnownGenerationsProps): KnownGenerations {
  let known: { readonly at: EpochMs; readonly generations: Generations } | undefined;

  const inForce = async (): Promise<Generations> => {
    // Before it is read: what is read is at least as new.
    const at = clock.now();
    if (known !== undefined && at >= known.at && at < known.at + GENERATION_LEASE_MS) {
      return known.generations;
    }
    const generations = await store.read();
    known = { at, generations };
    return generations;
  };

  return {
    async within(use) {
      for (let turn = 0; turn < TURNS_MAX; turn += 1) {
        const used = await inForce();
        const answer = await use(used);
        const { live, next } = await inForce();
        if (live === used.live && next === used.next) return answer;
      }
      throw changing();
    },
    async reading(read) {
      for (let turn = 0; turn < TURNS_MAX; turn += 1) {
        const { live } = known?.generations ?? (await inForce());
        const [answer] = await Promise.all([read(live), inForce()]);
        // No generation is live twice: one that is so now has been since it was known.
        if ((await inForce()).live === live) return answer;
      }
      throw changing();
    },
  };
}

const changing = (): Failure =>
  new Failure("conflict", "retry", "The projection's generations change all the time.");
