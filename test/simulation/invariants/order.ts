/**
 * 1: in each stream effects are applied in strictly increasing sequence, without repeat, without a
 * gap but audited skips. 4: head and effect exist together or not at all.
 */
import { closes, covers, positionBefore, type StreamWrite, skipsIn, skipsOf } from "../truth.ts";
import type { Invariant, Verdict } from "./invariant.ts";

export const order: Invariant = {
  number: 1,
  onWrite: (write) => beginsAsConfigured(write) ?? wentBack(write) ?? inOrder(write),
};

export const together: Invariant = {
  number: 4,
  onWrite(write) {
    const { truth, after, effects, records } = write;
    const before = positionBefore(write);
    const moved = (after?.last ?? before) - before;
    const skipped = skipsOf(records).reduce((sum, { from, to }) => sum + to - from + 1, 0);
    if (moved === effects.length + skipped) return undefined;
    const with_ = `${effects.length} effects and ${skipped} skips`;
    return `stream ${truth.stream}: the position moved by ${moved} together with ${with_}`;
  },
};

/** Once, before anything else is known of the stream, and where its consumer was told to. */
function beginsAsConfigured(write: StreamWrite): Verdict {
  const { truth, after, begunAfter, startAt, publications } = write;
  if (after === undefined) return undefined;
  const { stream, head } = truth;
  if (begunAfter === undefined) {
    if (after.startedAfter !== head?.startedAfter) return `stream ${stream} forgot where it began`;
    const isLeftOut = startAt !== "first" && after.startedAfter === undefined && after.last > 0;
    return isLeftOut ? `stream ${stream} was begun at 1, not at ${startAt}` : undefined;
  }
  const isKnown = head !== undefined && (head.last > 0 || head.parked.length > 0);
  if (isKnown) return `stream ${stream} was begun once more, after ${begunAfter}`;
  const isRight =
    startAt === "latest"
      ? publications.at(stream, begunAfter + 1).some(({ isAccepted }) => isAccepted)
      : begunAfter + 1 === startAt;
  return isRight ? undefined : `stream ${stream} was begun at ${begunAfter + 1}, not at ${startAt}`;
}

/**
 * Of what one write applied before it went back only the position is left to see: up to it there
 * was something to apply, or to leave out.
 */
function wentBack({ truth, after, begunAfter, rewoundFrom, records, publications }: StreamWrite) {
  if (rewoundFrom === undefined) return undefined;
  const { stream, head } = truth;
  if (after === undefined) return `stream ${stream} went back without its head`;
  const before = begunAfter ?? head?.last ?? 0;
  if (rewoundFrom < before) return `stream ${stream} went back from ${rewoundFrom}, not ${before}`;
  const skips = skipsIn(records);
  for (let sequence = before + 1; sequence <= rewoundFrom; sequence += 1) {
    const wasSent = publications.at(stream, sequence).some(({ isAccepted }) => isAccepted);
    if (!wasSent && !covers(skips, sequence)) return `stream ${stream}: nobody sent ${sequence}`;
  }
  return undefined;
}

function inOrder(write: StreamWrite): Verdict {
  const { truth, after, effects, records, rewoundFrom, publications } = write;
  const { stream } = truth;
  const skips = skipsOf(records);
  let last = positionBefore(write);
  let closedBy = rewoundFrom === undefined ? truth.closedBy : undefined;
  const overSkips = (): void => {
    while (covers(skips, last + 1)) last += 1;
  };
  overSkips();
  for (const { sequence, id, value } of effects) {
    if (sequence !== last + 1) return `stream ${stream}: ${sequence} took effect after ${last}`;
    const sent = publications.at(stream, sequence).find((publication) => publication.id === id);
    if (sent === undefined) return `stream ${stream}: nobody sent ${id} as sequence ${sequence}`;
    const expected = (truth.replaced.get(sequence)?.data ?? sent.data)["value"];
    const earlier = [sent.data, ...(truth.superseded.get(sequence) ?? [])];
    const isKept = truth.keepsFirst && earlier.some((data) => data["value"] === value);
    if (value !== expected && !isKept) {
      const values = `${value}, not with ${asText(expected)}`;
      return `stream ${stream}: ${sequence} took effect with ${values}`;
    }
    if (closedBy !== undefined) {
      return `stream ${stream}: ${sequence} took effect after ${closedBy}, which closed it`;
    }
    if (closes(truth, sequence, id, publications)) closedBy = sequence;
    last = sequence;
    overSkips();
  }
  if (after === undefined || after.last === last) return undefined;
  const place = `the position is ${after.last}`;
  return `stream ${stream}: ${place}; effects and audited skips lead to ${last}`;
}

const asText = (value: unknown): string => JSON.stringify(value) ?? "nothing";
