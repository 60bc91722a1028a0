/**
 * One write of a record, its outcome known at the end: what is unknown is read before it is tried
 * again.
 */
import { isFailure } from "#kernel/failure";
import type { RecordAnswer, RecordStore, VersionedRecord } from "./record-store.ts";

/** Of one change, each with the same `changeId`. */
const WRITE_TRIES_MAX = 3;

/**
 * A write that was overtaken after it took effect answers `refused`, as one that never did: whoever
 * changed the record since knew of it.
 *
 * @throws Failure as the store, `outcome-unknown` when that is still so in the end.
 */
export async function writeRecord(
  store: RecordStore,
  key: string,
  record: VersionedRecord,
): Promise<RecordAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.write(key, record);
    } catch (error) {
      if (!isFailure(error) || error.code !== "outcome-unknown") throw error;
      const current = await store.read(key);
      if (current?.changeId === record.changeId) return { kind: "written" };
      if ((current?.version ?? 0) >= record.version) return { kind: "refused", current };
      if (tries === WRITE_TRIES_MAX) throw error;
    }
  }
}
