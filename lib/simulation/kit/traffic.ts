/**
 * How the messages of a schedule are sent: in time, or late, out of order, more than once, or not
 * at all until somebody asks for them.
 */
import { type EpochMs, isoInstant } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import { encode, type Message } from "#messaging";
import type { FaultRates, FaultSwarm } from "../faults.ts";
import type { SimulatedMessage } from "./subject.ts";

/** At each message. */
export const TRAFFIC_FAULTS = {
  "duplicate-send": [0.02, 0.3],
  reorder: [0.02, 0.3],
  "late-send": [0.01, 0.08],
  "lost-send": [0.01, 0.08],
} as const satisfies FaultRates;

export type Sending = { readonly message: Message; readonly atMs: number };

const SENDING_MS = 12_000;
const REORDER_MS_MAX = 4_000;
const LATE_MS_MAX = 40_000;
const RESEND_MS_MAX = 40_000;
const EVERY_MS = 10;

/** Each stream numbered from 1, each message stamped later than the one before. */
export function numbered(given: readonly SimulatedMessage[], start: EpochMs): readonly Message[] {
  const sequences = new Map<string, number>();
  return given.map(({ stream, type, data, id }, index) => {
    const sequence = (sequences.get(stream) ?? 0) + 1;
    sequences.set(stream, sequence);
    return {
      id: id ?? `${stream}#${sequence}`,
      source: SOURCE,
      type,
      stream,
      sequence,
      time: (start + index * EVERY_MS) as EpochMs,
      data,
    };
  });
}

const SOURCE = "urn:inorder:simulation";

export function sendings(
  messages: readonly Message[],
  swarm: FaultSwarm,
  rng: Rng,
): readonly Sending[] {
  const times = messages.map(() => rng.int(SENDING_MS)).toSorted((one, other) => one - other);
  return messages.flatMap((message, index) => {
    const planned = times[index] ?? 0;
    const hits = (fault: keyof typeof TRAFFIC_FAULTS): boolean => {
      if (!swarm.fires(fault)) return false;
      swarm.happened(fault);
      return true;
    };
    const late = hits("late-send") ? rng.int(LATE_MS_MAX) : 0;
    const moved = hits("reorder") ? rng.int(REORDER_MS_MAX) : 0;
    const first = hits("lost-send") ? [] : [{ message, atMs: planned + late + moved }];
    const again = hits("duplicate-send")
      ? [{ message, atMs: planned + rng.int(RESEND_MS_MAX) }]
      : [];
    return [...first, ...again];
  });
}

export const bodyOf = ({ id, source, type, stream, sequence, time, data }: Message): string =>
  encode({
    specversion: "1.0",
    id,
    source,
    type,
    partitionkey: stream,
    sequence,
    ...(time === undefined ? {} : { time: isoInstant(time) }),
    data,
  });
