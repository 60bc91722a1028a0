/**
 * What a stream folds to, kept with one of its commits so that a long one need not be read whole.
 * A cache: whoever finds one of another version folds the events instead.
 */
import type { Json } from "#kernel/json";

export type StreamSnapshot = {
  /** Of the state's shape and of the rules that made it. */
  readonly version: number;
  readonly state: Json;
};

/**
 * Contract (`test/contract/event-store-contract.ts`): the last commits of a stream, at most
 * `commitsMax`, in commit order with their snapshots; strongly consistent. Errors: as of the store.
 */
export type StreamTails<Commit> = {
  tail(stream: string, commitsMax: number): Promise<readonly (Commit & WithSnapshot)[]>;
};

/** What a commit may carry beside its events. */
export type WithSnapshot = { readonly snapshot?: StreamSnapshot };
