/**
 * What a planted bug is made of: the scenario of the real system with one thing in it wrong.
 */
import type { AppendWrite, AuditRecord, Head, HeadCommit } from "#messaging";
import type { PlantedBug } from "#simulation/catalogue";
import type { Scenario } from "#simulation/scenario";
import { scenarioWith } from "../messaging-scenario.ts";
import type { Plant } from "../system.ts";

export type BugWithControl = PlantedBug & {
  /** The same handler under the same settings, and nothing wrong: it has to be sound. */
  readonly control: Scenario;
};

/**
 * @param what was forgotten or mistaken, as a reviewer would say it.
 * @param plant its kind of handler, settings and recovery are right; the rest is wrong.
 */
export function bug(name: string, what: string, plant: Plant): BugWithControl {
  const { kind, startAt, settings = {}, recovery = {} } = plant;
  const right = {
    settings,
    recovery,
    ...(kind === undefined ? {} : { kind }),
    ...(startAt === undefined ? {} : { startAt }),
  };
  return {
    name,
    what,
    scenario: scenarioWith(name, plant),
    control: scenarioWith(`${name}-control`, right),
  };
}

export type WrittenCommit = HeadCommit<AppendWrite>;

/**
 * What reaches the store is not what was planned.
 *
 * @param change also given the head that stands there now.
 */
export const written = (
  change: (commit: WrittenCommit, standing: Head | undefined) => WrittenCommit,
): NonNullable<Plant["store"]> => {
  return (right) => ({
    ...right,
    async commit(commit) {
      return right.commit(change(commit, await right.read(commit.head.stream)));
    },
  });
};

/** The commit with other content in its head. */
export const withHead = (commit: WrittenCommit, change: Partial<Head>): WrittenCommit => ({
  ...commit,
  head: { ...commit.head, ...change },
});

/** The audit records of a commit. */
export const recordsOf = ({ beside = [] }: WrittenCommit): readonly AuditRecord[] =>
  beside.flatMap((write) => (write.kind === "record" ? [write.record] : []));

/** The commit without some of its audit records. */
export const withoutRecords = (
  commit: WrittenCommit,
  isLeftOut: (record: AuditRecord) => boolean,
): WrittenCommit => ({
  ...commit,
  beside: (commit.beside ?? []).filter(
    (write) => write.kind !== "record" || !isLeftOut(write.record),
  ),
});
