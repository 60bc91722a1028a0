/**
 * When it is wrong that an effect begins, and when it is wrong what a caller is told.
 */
import type { Run } from "#messaging/idempotency/index";
import {
  type Completion,
  type EffectRun,
  isKeptAs,
  named,
  type Told,
  type Truth,
  type Verdict,
} from "./effect-truth.ts";
import { CLOCKS_APART_MS, INVARIANT } from "./judgement.ts";
import type { Work } from "./requests.ts";

export function wronglyBegun(
  { runs }: Truth,
  run: EffectRun,
  follows: Run["follows"],
  isAhead: (until: number) => boolean,
): Verdict {
  const { work } = run;
  for (const earlier of runs) {
    if (!isAhead(earlier.keepUntil)) continue;
    const isSameRank = earlier.work.rank === work.rank;
    const hadNothing = earlier.end === "nothing-had";
    // A record has one content: when another rank was claimed, that of a rank that was given back
    // is gone.
    const isBound = isSameRank && (work.rank === 0 || !hadNothing);
    if (isBound && earlier.work.payload !== work.payload) {
      return [INVARIANT.result, `${named(work)} is run for two contents`];
    }
    if (hadNothing) continue;
    if (earlier.end !== "completed" && isAhead(earlier.deadline + CLOCKS_APART_MS)) {
      return [INVARIANT.once, `${named(work)} is run twice at once`];
    }
    if (earlier.work.rank > work.rank) {
      const what = `${named(work)} is run after rank ${earlier.work.rank}`;
      return [INVARIANT.once, `${what}, which may have had its effect`];
    }
    if (isSameRank && earlier.end !== "completed" && follows !== "abandoned") {
      const what = `a run of ${named(work)} is told that it follows "${follows}"`;
      return [INVARIANT.once, `${what}, though an earlier one may have had its effect`];
    }
  }
  return undefined;
}

export type Known = {
  readonly completions: readonly Completion[];
  readonly isForgotten: (completion: Completion) => boolean;
  readonly isOvertaken: boolean;
  readonly payloads: ReadonlySet<string>;
  readonly hasEffect: boolean;
};

export function wronglyTold(work: Work, answer: Told, known: Known): Verdict {
  const { payloads } = known;
  switch (answer.kind) {
    case "ran":
    case "replayed":
      return wronglyDone(work, answer, known);
    case "stale":
      if (known.isOvertaken) return undefined;
      return [INVARIANT.skip, `${named(work)} is left out as stale; nothing newer was claimed`];
    case "failed":
      if (answer.code === "idempotency-key-reused" && payloads.size < 2) {
        return [INVARIANT.result, `${named(work)} is refused; its content was always the same`];
      }
      if (answer.code === "payload-too-large" && !known.hasEffect) {
        return [INVARIANT.skip, `${named(work)} is refused as done without an effect`];
      }
      return undefined;
    default:
      return answer satisfies never;
  }
}

function wronglyDone(
  work: Work,
  { kind, result }: Extract<Told, { readonly kind: "ran" | "replayed" }>,
  { completions, isForgotten, hasEffect }: Known,
): Verdict {
  const what = `${named(work)} is ${kind}`;
  if (completions.length === 0) return [INVARIANT.skip, `${what}, though it was not completed`];
  const matching = completions.filter((each) => isKeptAs(each.result, result));
  if (matching.length === 0) {
    return [INVARIANT.result, `${what} with another result than the stored one`];
  }
  if (matching.every((each) => each.work.payload !== work.payload)) {
    return [INVARIANT.result, `${what} with the result of another content`];
  }
  if (kind === "replayed" && matching.every(isForgotten)) {
    return [INVARIANT.skip, `${what}, though its record has expired`];
  }
  return hasEffect ? undefined : [INVARIANT.skip, `${what} without an effect`];
}
