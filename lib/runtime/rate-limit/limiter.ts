/**
 * Who may ask how often: one bucket for each principal and policy, in this sandbox's memory.
 * Several sandboxes each have their own, so this is a soft limit; the hard ones are the gateway's.
 */
import type { RatePolicy } from "#contracts/http/rate-limits";
import { recentMap } from "#kernel/recent-map";
import type { EpochMs } from "#kernel/units";
import { type Bucket, take, type Taken } from "./token-bucket.ts";

export type Limited = Taken & { readonly policy: RatePolicy };

export type Limiter = {
  /** Undefined where no such policy is configured: then nothing is limited. */
  ask(policyName: string, principal: string, now: EpochMs): Limited | undefined;
};

/** Whoever has not asked for longest is forgotten first, and begins with a whole quota. */
const PRINCIPALS_MAX = 10_000;

export function limiter(policies: readonly RatePolicy[]): Limiter {
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  const buckets = recentMap<Bucket>(PRINCIPALS_MAX);
  return {
    ask(policyName, principal, now) {
      const policy = byName.get(policyName);
      if (policy === undefined) return undefined;
      const key = `${policyName} ${principal}`;
      const taken = take(policy, buckets.get(key), now);
      buckets.put(key, taken.bucket);
      return { ...taken, policy };
    },
  };
}
