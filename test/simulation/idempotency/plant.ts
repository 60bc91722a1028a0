/**
 * Where a planted bug takes the place of something right. Everything left out is as it is.
 */
import type { Clock } from "#kernel/clock";
import type { LockStore } from "#messaging/flow/index";
import type {
  Effect,
  IdempotencyStore,
  IdempotentOptions,
  SeenKeys,
} from "#messaging/idempotency/index";
import type { SimulatedProcess } from "#simulation/process";
import type { Request } from "./requests.ts";

export type PlantPlace = { readonly process: SimulatedProcess; readonly clock: Clock };

export type IdempotencyPlant = {
  /** At the store's side of the network, where one call is one moment; one for each record. */
  readonly record?: (right: IdempotencyStore) => IdempotencyStore;
  /** At the sandbox's side of the network. */
  readonly store?: (right: IdempotencyStore, place: PlantPlace) => IdempotencyStore;
  /** In the place of what stands in front of the store. */
  readonly front?: (store: IdempotencyStore, seen: SeenKeys) => IdempotencyStore;
  readonly options?: (
    right: IdempotentOptions<Request>,
    place: PlantPlace,
  ) => IdempotentOptions<Request>;
  readonly effect?: (right: Effect<Request>) => Effect<Request>;
  /** Whether what an effect writes to takes a write of this attempt, when it has seen that one. */
  readonly takesAttempt?: (lastSeen: number | undefined, attempt: number) => boolean;
  /** At the store's side; one for each lock. */
  readonly lock?: (right: LockStore) => LockStore;
  /** What the protected thing does with a token, in the place of comparing and keeping it. */
  readonly takesToken?: (lastSeen: number | undefined, token: number) => boolean;
  readonly keepsToken?: boolean;
  /** False: a holder shows its token with its first write only. */
  readonly showsTokenFirst?: boolean;
};
