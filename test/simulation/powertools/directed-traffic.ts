/**
 * Messages of the schedules that are written by hand.
 */
import { isoInstant, type EpochMs } from "#kernel/units";
import { encode } from "#messaging";
import type { Publication } from "../publication.ts";

export type DirectedMessage = {
  readonly stream: string;
  readonly sequence: number;
  /** Default: its sequence. */
  readonly value?: number;
  /** Its handler fails until then, after the beginning. */
  readonly failsUntilMs?: number;
};

const TYPE = "simulated.happened";

export function directedPublication(
  { stream, sequence, value = sequence, failsUntilMs }: DirectedMessage,
  start: EpochMs,
): Publication {
  const id = `${stream}#${sequence}`;
  const data = {
    value,
    ...(failsUntilMs === undefined ? {} : { failsUntil: start + failsUntilMs }),
  };
  const body = encode({
    specversion: "1.0",
    id,
    source: "urn:simulation",
    type: TYPE,
    time: isoInstant(start),
    partitionkey: stream,
    sequence,
    data,
  });
  return {
    kind: "ordered",
    stream,
    group: stream,
    body,
    id,
    sequence,
    type: TYPE,
    data,
    time: start,
    copies: 0,
    isAccepted: true,
    buried: 0,
    wasBuried: false,
  };
}
