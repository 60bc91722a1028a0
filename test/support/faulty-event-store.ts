/**
 * An event store in front of another one, whose answers get lost as a test plans it: a write that
 * took effect and was never heard of, or one that never arrived.
 */
import { Failure } from "#kernel/failure";
import type { Commit, EventStore } from "#messaging";

/**
 * What happens to an append: `answered` as it should be, or one of the two ways in which its answer
 * is lost.
 */
export type AppendFate = "answered" | "lost-after-write" | "lost-before-write";

export function faultyEventStore(store: EventStore, fates: readonly AppendFate[]): EventStore {
  const rest = [...fates];
  return {
    read: (stream) => store.read(stream),
    async append(commit: Commit) {
      const fate = rest.shift() ?? "answered";
      if (fate === "answered") return store.append(commit);
      if (fate === "lost-after-write") await store.append(commit);
      throw new Failure("outcome-unknown", "retry", "the connection broke while writing");
    },
  };
}
