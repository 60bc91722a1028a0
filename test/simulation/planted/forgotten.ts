/**
 * What was decided, left out, closed or written before, and is forgotten.
 */
import { memoryHeadStore } from "#adapters/memory/head-store";
import { Failure } from "#kernel/failure";
import { auditSkip, type BesideWrite, failureOf } from "#messaging";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl, recordsOf, withHead, written } from "./bug.ts";

const skipAndContinue = {
  gap: { severity: "critical", recovery: { kind: "skip-and-continue" } },
} as const;

/** The range's end was meant to be exclusive. */
const gapEndOffByOne: NonNullable<Plant["store"]> = (right) => ({
  ...right,
  async commit(commit) {
    const records = recordsOf(commit);
    const standing = await right.read(commit.head.stream);
    const gap = records.find((record) => record.kind === "gap-skipped");
    const first = standing?.parked[0];
    if (standing === undefined || gap === undefined || first?.sequence !== gap.skipped.to + 1) {
      return right.commit(commit);
    }
    const { version, attemptId } = commit.head;
    const skipped = { from: gap.skipped.from, to: first.sequence };
    const filed = records.flatMap((record) =>
      record.kind === "violation" && record.violation.kind === "gap" ? [record] : [],
    );
    const violations = filed.map(({ violation }) => violation);
    const head = {
      ...standing,
      version,
      attemptId,
      last: skipped.to,
      attempts: 0,
      parked: standing.parked.slice(1),
      skipped: [...standing.skipped, skipped],
      violations: [...standing.violations, ...violations],
      audit: auditSkip(standing.audit, skipped),
    };
    const beside: readonly BesideWrite[] = [
      ...[...filed, { ...gap, skipped }].map((record) => ({ kind: "record", record }) as const),
      ...(first.message === undefined
        ? [{ kind: "unpark", sequence: first.sequence } as const]
        : []),
    ];
    const answer = await right.commit({ head, writes: [], beside });
    return answer.kind === "committed" ? { kind: "fenced", current: head } : answer;
  },
});

/** Neither checks that its place is free. */
const effectsUnconditional: NonNullable<Plant["store"]> = ({ bounds }, table) => {
  const write: typeof table.write = (writes) =>
    table.write(
      writes.map((one) =>
        one.sort.startsWith("commit#") ? { ...one, condition: () => true } : one,
      ),
    );
  return memoryHeadStore({ table: { ...table, write } }, { bounds });
};

const halting: NonNullable<Plant["fold"]> = (right) => ({
  ...right,
  evolve(state, message, delivery) {
    try {
      return right.evolve(state, message, delivery);
    } catch (error) {
      const failure = failureOf(error);
      throw new Failure(failure.code, "halt", failure.message);
    }
  },
});

export const FORGOTTEN: readonly BugWithControl[] = [
  bug("effects-without-condition", "effects overwrite what another writer put in their place", {
    kind: "effects",
    store: effectsUnconditional,
  }),
  bug("decision-not-remembered", "a decision that is delivered again is decided again", {
    store: written((commit) => withHead(commit, { controls: [] })),
  }),
  bug("skips-not-remembered", "what was left out counts as applied when it comes late", {
    store: written((commit) => withHead(commit, { skipped: [] })),
    recovery: skipAndContinue,
  }),
  bug("close-not-kept", "a handler's word that no message follows is not kept", {
    fold: (right) => ({ ...right, closes: () => false }),
    effects: (right) => ({
      ...right,
      handle: (...about) => ({ ...right.handle(...about), closes: false }),
    }),
  }),
  bug("gap-end-off-by-one", "a gap that is given up takes the first parked message with it", {
    store: gapEndOffByOne,
    recovery: skipAndContinue,
  }),
  bug("failure-for-good", "a failure that passes halts its stream at the first attempt", {
    kind: "fold",
    fold: halting,
  }),
];
