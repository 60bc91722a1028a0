/**
 * What is counted wrongly, and tools that look back on the wrong thing.
 */
import type { ConsumerReport } from "#messaging";
import type { Plant } from "../system.ts";
import { bug, type BugWithControl } from "./bug.ts";

const counting =
  (change: (report: ConsumerReport) => Partial<ConsumerReport>): NonNullable<Plant["consumer"]> =>
  (right) => ({
    async consume(records, deadline) {
      const answer = await right.consume(records, deadline);
      return { ...answer, report: { ...answer.report, ...change(answer.report) } };
    },
  });

/** The end of the range was taken for exclusive. */
const stopsShort: NonNullable<Plant["tools"]> = ({ rebuild }) => ({
  rebuild(handler, log, options) {
    const { from, upTo = 0 } = options;
    const short = Math.max(from?.sequence ?? 0, upTo - 1);
    return { ...rebuild(handler, log, { ...options, upTo: short }), sequence: upTo };
  },
});

const withoutReplacements: NonNullable<Plant["tools"]> = ({ verifyAudit }) => ({
  verifyAudit: ({ records, ...evidence }) =>
    verifyAudit({
      ...evidence,
      records: records.filter(
        ({ record }) => record.kind !== "decision" || record.decision.kind !== "replace",
      ),
    }),
});

const withoutDecisions: NonNullable<Plant["tools"]> = ({ rebuildHead }) => ({
  rebuildHead: (options) => ({ ...rebuildHead(options), controls: [] }),
});

export const RESTORING: readonly BugWithControl[] = [
  bug("early-counted-as-halted", "what waits for a predecessor is counted as behind a halt", {
    consumer: counting(({ early, parkedBehindHalt }) => ({
      early: 0,
      parkedBehindHalt: parkedBehindHalt + early,
    })),
  }),
  bug("duplicate-counted-as-late", "a duplicate is counted as a message whose turn has passed", {
    consumer: counting(({ duplicates, late }) => ({ duplicates: 0, late: late + duplicates })),
  }),
  bug("rebuilt-one-short", "a rebuilt state lacks the last message that was asked for", {
    tools: stopsShort,
  }),
  bug("head-rebuilt-undecided", "a rebuilt head decides again what has been decided", {
    tools: withoutDecisions,
  }),
  bug("verified-without-decisions", "a verifier does not know what was put in a message's place", {
    tools: withoutReplacements,
  }),
];
