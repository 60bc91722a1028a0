/**
 * The lock store of the tests and the simulator: one map, and the same conditions as in DynamoDB.
 */
import { type EpochMs, later } from "#kernel/units";
import type { Lease, LockStore } from "#messaging/flow/index";

const RELEASED = 0 as EpochMs;

export function memoryLockStore(): LockStore {
  const leases = new Map<string, Lease>();

  const keep = (lease: Lease): Lease => {
    leases.set(lease.name, lease);
    return lease;
  };
  /** The lease as it stands, if it is still the same one. */
  const standing = ({ name, owner, token }: Lease): Lease | undefined => {
    const found = leases.get(name);
    return found?.owner === owner && found.token === token ? found : undefined;
  };

  return {
    async acquire(name, owner, now, lasting) {
      const found = leases.get(name);
      if (found === undefined || found.until <= now) {
        const token = (found?.token ?? 0) + 1;
        return { kind: "granted", lease: keep({ name, owner, token, until: later(now, lasting) }) };
      }
      if (found.owner === owner) return { kind: "granted", lease: found };
      return { kind: "held", until: found.until };
    },

    async extend(lease, now, lasting) {
      const found = standing(lease);
      const until = later(now, lasting);
      if (found === undefined || found.until <= now) return undefined;
      return found.until > until ? found : keep({ ...found, until });
    },

    async release(lease) {
      const found = standing(lease);
      if (found === undefined) return false;
      keep({ ...found, until: RELEASED });
      return true;
    },

    async find(name) {
      return leases.get(name);
    },
  };
}
