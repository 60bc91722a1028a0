/**
 * A run's record in its store: who has written it last goes on with the run, and whoever is
 * overtaken lets go.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import type { RecordStore, VersionedRecord } from "../record/record-store.ts";
import { writeRecord } from "../record/write-record.ts";
import { actOf, advance, type AdvanceRules } from "./advance.ts";
import { type RunProgress, runProgressOf } from "./run-progress.ts";

export type HeldRun = {
  readonly id: string;
  readonly run: RunProgress;
  readonly version: number;
  /** What the record says is begun has been begun by this very call. */
  readonly isMine: boolean;
};

export type RunRecords = {
  find(id: string): Promise<HeldRun | undefined>;
  /** The first record of a run, its first act begun; or the one that is there. */
  create(id: string, run: RunProgress): Promise<HeldRun>;
  /**
   * Writes what follows from `report`, with the next act begun. What was overtaken is reported
   * again over what is there; if it does not matter there any more, the run is somebody else's, or
   * at its end.
   *
   * @throws Failure `conflict` (retry) when the run is somebody else's.
   */
  change(held: HeldRun, report: (run: RunProgress) => RunProgress | undefined): Promise<HeldRun>;
};

export type RunRecordsOptions = {
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly rules: AdvanceRules;
};

/** Of one report, when others keep writing too. */
const WRITE_TRIES_MAX = 5;

export function runRecords({ store, clock, newId, rules }: RunRecordsOptions): RunRecords {
  const heldOf = (id: string, record: VersionedRecord): HeldRun => ({
    id,
    run: runProgressOf(id, record.data),
    version: record.version,
    isMine: false,
  });

  /** Undefined: written. */
  const write = async (id: string, run: RunProgress, version: number) => {
    const record = { version, changeId: newId(), data: { ...run } };
    const answer = await writeRecord(store, id, record);
    if (answer.kind === "written") return undefined;
    if (answer.current === undefined) throw vanished(id);
    return heldOf(id, answer.current);
  };

  return {
    async find(id) {
      const record = await store.read(id);
      return record === undefined ? undefined : heldOf(id, record);
    },

    async create(id, run) {
      const begun = advance(run, clock.now(), rules);
      return (await write(id, begun, 1)) ?? { id, run: begun, version: 1, isMine: true };
    },

    async change(held, report) {
      let found = held;
      for (let tries = 0; tries < WRITE_TRIES_MAX; tries += 1) {
        const reported = report(found.run);
        if (reported === undefined) {
          if (actOf(found.run).kind === "end") return found;
          throw overtaken(held.id);
        }
        const run = advance(reported, clock.now(), rules);
        const version = found.version + 1;
        const other = await write(held.id, run, version);
        if (other === undefined) return { ...held, run, version, isMine: true };
        found = other;
      }
      throw overtaken(held.id);
    },
  };
}

const overtaken = (id: string): Failure =>
  new Failure(
    "conflict",
    "retry",
    `Another attempt goes on with run ${JSON.stringify(id)}; ask again for how it ended.`,
  );

const vanished = (id: string): Failure =>
  new Failure(
    "unexpected",
    "retry",
    `The record of run ${JSON.stringify(id)} was deleted while it ran.`,
  );
