/**
 * An event store in front of another one, whose answers get lost as a test plans it: a write that
 * took effect and was never heard of, or one that never arrived.
 */
import { Failure } from "#kernel/failure";
import type { Commit, EventStore } from "#messaging";
import type { OrderPlacements } from "#services/orders/ports";

/**
 * What happens to an append: `answered` as it should be, or one of the two ways in which its answer
 * is lost.
 */
export type AppendFate = "answered" | "lost-after-write" | "lost-before-write";

export function faultyEventStore(store: EventStore, fates: readonly AppendFate[]): EventStore {
  const written = losing(fates);
  return {
    read: (stream, range) => store.read(stream, range),
    append: (commit: Commit) => written(() => store.append(commit)),
  };
}

export function faultyPlacements(
  store: OrderPlacements,
  fates: readonly AppendFate[],
): OrderPlacements {
  const written = losing(fates);
  return {
    read: (stream, range) => store.read(stream, range),
    begin: (commit, beside) => written(() => store.begin(commit, beside)),
  };
}

function losing(fates: readonly AppendFate[]) {
  const rest = [...fates];
  return async <Answer>(write: () => Promise<Answer>): Promise<Answer> => {
    const fate = rest.shift() ?? "answered";
    if (fate === "answered") return write();
    if (fate === "lost-after-write") await write();
    throw new Failure("outcome-unknown", "retry", "the connection broke while writing");
  };
}
