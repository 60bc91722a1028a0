/**
 * The smallest traffic that has a beginning, a middle and an end, in every way in which three
 * messages can come to be parked, read from elsewhere, or tried again.
 */
import { sha256Hex } from "#kernel/hash";
import { START } from "./ground.ts";
import { orderedPublication } from "./messages.ts";
import type { Sending, Traffic } from "./traffic.ts";

export type Arrangement =
  | "in order"
  | "backwards"
  /** The last one before the first: parked behind a gap, its data stored elsewhere. */
  | "claim check parked"
  /** The first one fails for a while. */
  | "first fails"
  /** Until somebody resolves its halt. */
  | "first halts"
  | "each once more"
  | "last closes the stream";

export const ARRANGEMENTS: readonly Arrangement[] = [
  "in order",
  "backwards",
  "claim check parked",
  "first fails",
  "first halts",
  "each once more",
  "last closes the stream",
];

const STREAM = "s0";
/** Shorter than a visibility timeout of the simulated queue: one attempt fails. */
const FAILING_MS = 5_000;

export function threeMessages(arrangement: Arrangement): Traffic {
  const order = ORDERS[arrangement];
  const payloads = new Map<string, { readonly text: string; readonly fromMs: number }>();
  const sendings = order.map((sequence, index): Sending => {
    const id = `${STREAM}#${sequence}`;
    const data = dataOf(arrangement, sequence);
    const text = JSON.stringify(data);
    const isElsewhere = arrangement === "claim check parked" && sequence === 3;
    if (isElsewhere) payloads.set(id, { text, fromMs: 0 });
    const check = { ref: id, sha256: sha256Hex(text), bytes: text.length };
    const publication = orderedPublication(
      { kind: "ordered", stream: STREAM, group: STREAM, sequence, id, data, time: START },
      isElsewhere ? check : undefined,
    );
    // Together, so that a batch may have all of them.
    return { publication, atMs: 1_000, deduplicationId: `${id} ${index}` };
  });
  return { streams: [STREAM], sendings, payloads };
}

const ORDERS: Readonly<Record<Arrangement, readonly number[]>> = {
  "in order": [1, 2, 3],
  backwards: [3, 2, 1],
  "claim check parked": [3, 1, 2],
  "first fails": [1, 2, 3],
  "first halts": [1, 2, 3],
  "each once more": [1, 1, 2, 2, 3, 3],
  "last closes the stream": [1, 2, 3],
};

function dataOf(arrangement: Arrangement, sequence: number) {
  const value = sequence * 10;
  if (arrangement === "first fails" && sequence === 1) {
    return { value, failsUntil: START + FAILING_MS };
  }
  if (arrangement === "first halts" && sequence === 1) return { value, poison: "permanent" };
  if (arrangement === "last closes the stream" && sequence === 3) return { value, closes: true };
  return { value };
}
