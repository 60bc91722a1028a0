/**
 * A snapshot in memory: tags count up.
 */
import type { SnapshotStore, Stored } from "#services/products/search-ports";

export function memorySnapshotStore(): SnapshotStore {
  let stored: Stored | undefined;
  let writes = 0;
  return {
    read: async (known) => (known !== undefined && known === stored?.tag ? "unchanged" : stored),
    write: async (bytes, replaces) => {
      if (stored?.tag !== replaces) return undefined;
      writes += 1;
      stored = { tag: `"${writes}"`, bytes: Uint8Array.from(bytes) };
      return stored.tag;
    },
  };
}
