/**
 * The dead letters of the tests and the simulator: what was buried, and why.
 */
import type { DeadLetters, QueueRecord } from "#messaging";

export type MemoryDeadLetters = DeadLetters & {
  readonly buried: readonly { readonly record: QueueRecord; readonly cause: string }[];
};

export function memoryDeadLetters(): MemoryDeadLetters {
  const buried: { readonly record: QueueRecord; readonly cause: string }[] = [];
  return {
    buried,
    async bury(record, cause) {
      buried.push({ record, cause });
    },
  };
}
