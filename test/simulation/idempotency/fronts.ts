/**
 * What stands in front of the store in a sandbox, and what may be wrong with it: it forgets, it
 * makes things up, it comes from another life.
 */
import {
  bloomFilter,
  type IdempotencyMetrics,
  recentKeys,
  type SeenKeys,
} from "#messaging/idempotency/index";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { EffectSettings } from "./settings.ts";

export const FRONT_FAULTS = {
  "poisoned-front": [0.02, 0.5],
  "forgetful-front": [0.05, 0.6],
  "inherited-front": [0.1, 1],
} as const satisfies FaultRates;

/** Answers the front of each new sandbox; undefined: there is none. */
export type Fronts = () => SeenKeys | undefined;

const ERROR_RATE = 0.3;

export function fronts(
  { front, frontKeys, isFrontShared }: EffectSettings,
  swarm: FaultSwarm,
  metrics: IdempotencyMetrics,
): Fronts {
  let newest: SeenKeys | undefined;

  const made = (): SeenKeys | undefined => {
    switch (front) {
      case "none":
        return undefined;
      case "recent":
        return recentKeys(frontKeys, metrics);
      case "bloom":
        return bloomFilter({ keys: frontKeys, errorRate: ERROR_RATE }, metrics);
      default:
        return front satisfies never;
    }
  };

  return () => {
    const isOld = newest !== undefined && (isFrontShared || swarm.fires("inherited-front"));
    if (isOld && !isFrontShared) swarm.happened("inherited-front");
    newest = isOld ? newest : made();
    return newest === undefined ? undefined : unreliable(newest, swarm);
  };
}

const unreliable = (right: SeenKeys, swarm: FaultSwarm): SeenKeys => ({
  has(key) {
    const isSeen = right.has(key);
    if (!swarm.fires("poisoned-front")) return isSeen;
    swarm.happened("poisoned-front");
    return !isSeen;
  },
  add(key) {
    if (swarm.fires("forgetful-front")) swarm.happened("forgetful-front");
    else right.add(key);
  },
});
