/**
 * Heads that nobody can read for a while: torn, in another release's format, or another stream's.
 * What really stands there comes back when somebody repairs it.
 */
import type { MemoryTable, MemoryWrite } from "#adapters/memory/table";
import type { Rng } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Scheduler } from "#simulation/scheduler";

export const DAMAGE_FAULTS = { "damaged-head": [0.02, 0.2] } as const satisfies FaultRates;

export type HeadDamage = {
  /** Damages the head of some stream. */
  readonly strike: (streams: readonly string[]) => void;
  readonly repairAll: () => void;
  readonly isDamaged: (stream: string) => boolean;
  /** The table as its readers, and its conditions, see it. */
  readonly seen: (table: MemoryTable) => MemoryTable;
};

export type HeadDamageOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  /** Somebody came upon a head that cannot be read. */
  readonly onMet: (stream: string) => void;
};

type Damage = (text: string) => string;

const DAMAGES: readonly Damage[] = [
  (text) => text.slice(0, text.length >> 1),
  () => "",
  (text) => text.replace('"format":2', '"format":1'),
  (text) => text.replace('"format":2', '"format":3'),
  (text) => text.replace('"stream":"', '"stream":"not-'),
  (text) => text.replace(/"last":\d+/, '"last":-1'),
];

const REPAIRED_MS_MAX = 20_000;

export function headDamage({ scheduler, swarm, rng, onMet }: HeadDamageOptions): HeadDamage {
  /** By stream. */
  const damaged = new Map<string, Damage>();

  /** @param text of an item that may be a head. */
  const seenAs = (partition: string, sort: string, text: string | undefined) => {
    const damage = sort.startsWith("head#") ? damaged.get(partition) : undefined;
    if (damage === undefined || text === undefined) return text;
    swarm.happened("damaged-head");
    onMet(partition);
    return damage(text);
  };

  const conditionally = (write: MemoryWrite): MemoryWrite => ({
    ...write,
    condition: (standing) => write.condition(seenAs(write.partition, write.sort, standing)),
  });

  return {
    strike(streams) {
      const stream = streams[rng.int(Math.max(1, streams.length))];
      const damage = DAMAGES[rng.int(DAMAGES.length)];
      if (stream === undefined || damage === undefined) return;
      damaged.set(stream, damage);
      scheduler.after(rng.int(REPAIRED_MS_MAX), () => damaged.delete(stream));
    },
    repairAll: () => damaged.clear(),
    isDamaged: (stream) => damaged.has(stream),
    seen: (table) => ({
      ...table,
      get(partition, sort) {
        const text = table.get(partition, sort);
        return damaged.size === 0 ? text : seenAs(partition, sort, text);
      },
      write: (writes) => table.write(damaged.size === 0 ? writes : writes.map(conditionally)),
    }),
  };
}
