/**
 * 11: whatever was redriven, resent or mixed with new traffic, every stream ends where it would
 * have ended without a failure.
 */
import { covers } from "../truth.ts";
import type { Ending, Invariant, Verdict } from "./invariant.ts";

export const ending: Invariant = { number: 11, atEnd: asWithoutFailure };

function asWithoutFailure({ truths, publications }: Ending): Verdict {
  for (const { stream, head, effects, skipped, startedAfter } of truths) {
    const sent = publications
      .all()
      .filter((one) => one.stream === stream && one.kind === "ordered");
    const length = sent.reduce((max, { sequence }) => Math.max(max, sequence), 0);
    if (head === undefined && length > startedAfter) return `stream ${stream} was never begun`;
    if (head === undefined) continue;
    if (head.last < length) return `stream ${stream} ended at ${head.last} of ${length}`;
    if (head.status !== "running") return `stream ${stream} ended ${head.status}`;
    const applied = effects.map(({ sequence }) => sequence);
    const expected = Array.from({ length: head.last }, (_, index) => index + 1).filter(
      (sequence) => sequence > startedAfter && !covers(skipped, sequence),
    );
    if (applied.join() === expected.join()) continue;
    return `stream ${stream} applied ${applied.join()}; without a failure ${expected.join()}`;
  }
  return undefined;
}
