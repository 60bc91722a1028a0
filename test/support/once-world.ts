/**
 * An idempotent effect with everything around it in memory: what it was asked to do, and what was
 * counted, can be read back.
 */
import { memoryIdempotencyStore } from "#adapters/memory/idempotency-store";
import { seconds } from "#kernel/units";
import {
  byMessageId,
  type Effect,
  idempotent,
  type IdempotencyMetrics,
  type IdempotencyStore,
  type IdempotentOptions,
} from "#messaging/idempotency/index";
import { steppingClock } from "./stepping-clock.ts";

export type Charge = { readonly id?: unknown; readonly amount: number };

export type Counted = {
  readonly counts: Readonly<Record<string, number>>;
  readonly durations: readonly string[];
  readonly metrics: IdempotencyMetrics;
};

export function countedMetrics(): Counted {
  const counts: Record<string, number> = {};
  const durations: string[] = [];
  return {
    counts,
    durations,
    metrics: {
      count(name, by = 1) {
        counts[name] = (counts[name] ?? 0) + by;
      },
      milliseconds: (name) => durations.push(name),
    },
  };
}

export function onceWorld(over: Partial<IdempotentOptions<Charge>> = {}) {
  const clock = steppingClock();
  const counted = countedMetrics();
  const store: IdempotencyStore = over.store ?? memoryIdempotencyStore();
  const ran: Charge[] = [];
  let runs = 0;
  const given: Effect<Charge> = over.effect ?? (async ({ amount }) => `charged ${amount}`);
  const options: IdempotentOptions<Charge> = {
    name: "charge",
    strategy: byMessageId<Charge>({ id: ["id"] }),
    effectMsMax: seconds(10),
    leaseMs: seconds(15),
    keepMs: seconds(3_600),
    whenInFlight: { kind: "refuse" },
    clock,
    newId: () => {
      runs += 1;
      return `run-${runs}`;
    },
    metrics: counted.metrics,
    ...over,
    store,
    effect: async (charge, run) => {
      ran.push(charge);
      return await given(charge, run);
    },
  };
  return { clock, store, ran, ...counted, options, charge: idempotent(options) };
}
