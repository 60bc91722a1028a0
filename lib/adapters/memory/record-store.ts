/**
 * The record store of the tests and the simulator: the same fence as in DynamoDB.
 */
import type { RecordStore, VersionedRecord } from "#messaging/flow/index";
import { type MemoryTable, memoryTable } from "./table.ts";

const SORT = "record";

/** @param kind keeps the keys of different parts apart in one table. */
export function memoryRecordStore(
  { table }: { readonly table: MemoryTable } = { table: memoryTable() },
  kind = "record",
): RecordStore {
  const partitionOf = (key: string): string => `${kind}#${key}`;
  const decoded = (text: string | undefined): VersionedRecord | undefined =>
    text === undefined ? undefined : (JSON.parse(text) as VersionedRecord);

  return {
    async read(key) {
      return decoded(table.get(partitionOf(key), SORT));
    },

    async write(key, record) {
      let current: VersionedRecord | undefined;
      const refused = table.write([
        {
          partition: partitionOf(key),
          sort: SORT,
          text: JSON.stringify(record),
          condition(standing) {
            current = decoded(standing);
            return (current?.version ?? 0) === record.version - 1;
          },
        },
      ]);
      const isWritten = refused.length === 0 || current?.changeId === record.changeId;
      return isWritten ? { kind: "written" } : { kind: "refused", current };
    },
  };
}
