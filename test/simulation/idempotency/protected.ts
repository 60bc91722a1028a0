/**
 * What a lock protects: a number that each holder reads and replaces. It refuses a late holder in
 * one of the two ways that the library has: it compares the token with the greatest one that it has
 * seen, or its write is one transaction with a look at the lock itself.
 */
import { type LockStore, takesToken } from "#messaging/flow/index";
import type { IdempotencyPlant } from "./plant.ts";

/** `seen`: the greatest token is kept with what is protected. `held`: the lock is looked at. */
export type Guard = "seen" | "held";

export type TakenWrite = {
  readonly lock: string;
  readonly token: number;
  /** What its writer had read. */
  readonly base: number;
  readonly value: number;
  /** What stood there. */
  readonly standing: number;
};

export type Protected = {
  /** Shows the token before anything is read, so that no earlier holder writes behind the read. */
  mark(lock: string, token: number): Promise<boolean>;
  read(lock: string): Promise<number>;
  /** False: refused. */
  write(lock: string, token: number, base: number): Promise<boolean>;
  readonly taken: () => number;
};

export function protectedThings(
  guard: Guard,
  find: LockStore["find"],
  plant: IdempotencyPlant,
  onTaken: (write: TakenWrite) => void,
): Protected {
  const values = new Map<string, number>();
  const seen = new Map<string, number>();
  const takes = plant.takesToken ?? takesToken;
  let taken = 0;

  const isTaken = async (lock: string, token: number): Promise<boolean> => {
    if (guard === "held") return (await find(lock))?.token === token;
    if (!takes(seen.get(lock), token)) return false;
    if (plant.keepsToken !== false) seen.set(lock, token);
    return true;
  };

  return {
    mark: isTaken,
    read: async (lock) => values.get(lock) ?? 0,
    async write(lock, token, base) {
      if (!(await isTaken(lock, token))) return false;
      const standing = values.get(lock) ?? 0;
      const value = base + 1;
      values.set(lock, value);
      taken += 1;
      onTaken({ lock, token, base, value, standing });
      return true;
    },
    taken: () => taken,
  };
}
