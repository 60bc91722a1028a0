/**
 * The smallest traffic that has a beginning, a middle and an end, in every way in which three
 * messages can come to be parked, read from elsewhere, or tried again.
 */
import { sha256Hex } from "#kernel/hash";
import { START } from "./ground.ts";
import { malformedPublication, orderedPublication } from "./messages.ts";
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
  | "last closes the stream"
  /** Two more go to the dead letters: one that is no message, and a rival of the second. */
  | "two are refused"
  /** After the gap that it leaves was given up, or asked for. */
  | "second is late";

export const ARRANGEMENTS: readonly Arrangement[] = [
  "in order",
  "backwards",
  "claim check parked",
  "first fails",
  "first halts",
  "each once more",
  "last closes the stream",
  "two are refused",
  "second is late",
];

const STREAM = "s0";
/** Shorter than a visibility timeout of the simulated queue: one attempt fails. */
const FAILING_MS = 5_000;
const TOGETHER_MS = 1_000;
/** Longer than any gap waits before something is done about it. */
const LATE_MS = 40_000;

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
    const atMs = arrangement === "second is late" && sequence === 2 ? LATE_MS : TOGETHER_MS;
    return { publication, atMs, deduplicationId: `${id} ${index}` };
  });
  if (arrangement === "two are refused") sendings.splice(2, 0, ...refused());
  return { streams: [STREAM], sendings, payloads };
}

function refused(): readonly Sending[] {
  const unreadable = malformedPublication(STREAM, STREAM, "not json");
  const about = { kind: "rival", stream: STREAM, group: STREAM, sequence: 2, time: START } as const;
  const rival = orderedPublication({ ...about, id: `${STREAM}#2!`, data: { value: -1 } });
  return [unreadable, rival].map((publication, index) => ({
    publication,
    atMs: TOGETHER_MS,
    deduplicationId: `refused ${index}`,
  }));
}

const ORDERS: Readonly<Record<Arrangement, readonly number[]>> = {
  "in order": [1, 2, 3],
  backwards: [3, 2, 1],
  "claim check parked": [3, 1, 2],
  "first fails": [1, 2, 3],
  "first halts": [1, 2, 3],
  "each once more": [1, 1, 2, 2, 3, 3],
  "last closes the stream": [1, 2, 3],
  "two are refused": [1, 2, 3],
  "second is late": [1, 3, 2],
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
