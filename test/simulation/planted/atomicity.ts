/**
 * What belongs together is written apart.
 */
import { appendWrite } from "#adapters/memory/event-store";
import type { CommitAnswer } from "#messaging";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl, type WrittenCommit } from "./bug.ts";

const ALONE = "#effects-alone";

/** Understands a request that has effects and no head. */
const effectsAlone: NonNullable<Plant["store"]> = (right, table) => ({
  ...right,
  async commit(commit) {
    if (!commit.head.attemptId.endsWith(ALONE)) return right.commit(commit);
    const refused = table.write(commit.writes.map((write) => appendWrite(write)));
    return refused.length === 0 ? { kind: "committed" } : { kind: "refused" };
  },
});

const onlyEffects = ({ head }: WrittenCommit, writes: WrittenCommit["writes"]): WrittenCommit => ({
  head: { ...head, attemptId: `${head.attemptId}${ALONE}` },
  writes,
});

/** The second request is not made when the first fails. */
const inTurn =
  (requestsOf: (commit: WrittenCommit) => readonly WrittenCommit[]): NonNullable<Plant["heads"]> =>
  (right) => ({
    ...right,
    async commit(commit) {
      let answer: CommitAnswer = { kind: "committed" };
      for (const request of requestsOf(commit)) {
        answer = await right.commit(request);
        if (answer.kind !== "committed") break;
      }
      return answer;
    },
  });

const effectsFirst = (commit: WrittenCommit): readonly WrittenCommit[] =>
  commit.writes.length === 0
    ? [commit]
    : [onlyEffects(commit, commit.writes), { ...commit, writes: [] }];

const effectsLast = (commit: WrittenCommit): readonly WrittenCommit[] =>
  effectsFirst(commit).toReversed();

const EFFECTS_AT_ONCE = 3;

/** As much as fits with the head, the rest behind it. */
const cutWithinMessages = (commit: WrittenCommit): readonly WrittenCommit[] => {
  const rest = commit.writes.slice(EFFECTS_AT_ONCE);
  if (rest.length === 0) return [commit];
  return [
    { ...commit, writes: commit.writes.slice(0, EFFECTS_AT_ONCE) },
    onlyEffects(commit, rest),
  ];
};

export const ATOMICITY: readonly BugWithControl[] = [
  bug("mark-after-effects", "the position is written after the effects, in a second request", {
    kind: "effects",
    heads: inTurn(effectsFirst),
    store: effectsAlone,
  }),
  bug(
    "mark-before-effects",
    "the position is written before the effects, in a request of its own",
    {
      kind: "effects",
      heads: inTurn(effectsLast),
      store: effectsAlone,
    },
  ),
  bug("transaction-cut-in-two", "what one transaction does not hold goes into a second one", {
    kind: "effects",
    heads: inTurn(cutWithinMessages),
    store: effectsAlone,
  }),
];
