/**
 * A head store as a process reaches it: every request goes over the simulated network.
 */
import type { HeadStore } from "#messaging";
import type { SimulatedProcess } from "./process.ts";
import type { Remote } from "./remote.ts";

export const farHeads = <Write>(
  process: SimulatedProcess,
  store: HeadStore<Write>,
  remote: Remote,
): HeadStore<Write> => ({
  bounds: store.bounds,
  read: (stream) =>
    remote.call(process, { port: "heads.read", subject: stream, kind: "read" }, () =>
      store.read(stream),
    ),
  readParked: (stream, sequences) =>
    remote.call(process, { port: "heads.read-parked", subject: stream, kind: "read" }, () =>
      store.readParked(stream, sequences),
    ),
  commit(commit) {
    const isSingle = commit.writes.length === 0 && (commit.beside ?? []).length === 0;
    const kind = isSingle ? "write" : "transaction";
    const target = { port: "heads.commit", subject: commit.head.stream, kind } as const;
    return remote.call(process, target, () => store.commit(commit));
  },
});
