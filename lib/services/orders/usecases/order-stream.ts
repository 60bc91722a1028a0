/**
 * Between an order's stored stream and its rules: commits are folded into a state, decisions become
 * the next commit.
 */
import { type OrderEventType, orderEventSchemas } from "#contracts/events/order-events";
import { Failure } from "#kernel/failure";
import type { Json, JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import { type Commit, nextCommit } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
import type { OrderCommit, OrderStore } from "../ports.ts";
import { evolve, type OrderState, unplaced } from "../domain/order.ts";

/** An order as far as it has been read: what it is, and what its next commit follows. */
export type LoadedOrder = {
  readonly orderId: string;
  readonly state: OrderState;
  /** Absent before the first. */
  readonly lastCommit: Commit | undefined;
};

/** How and when a commit comes about. */
export type CommitFacts = {
  readonly now: EpochMs;
  readonly fingerprint?: string | undefined;
  readonly traceparent?: string | undefined;
};

export const newOrder = (orderId: string): LoadedOrder => ({
  orderId,
  state: unplaced,
  lastCommit: undefined,
});

/**
 * As the newest usable snapshot says and the commits behind it. Throws `Failure`
 * `malformed-message` or `unexpected` (halt) for a stream that these rules cannot have written.
 */
export function loadOrder(orderId: string, commits: readonly OrderCommit[]): LoadedOrder {
  const at = commits.findLastIndex(isUsable);
  const [from] = at === -1 ? [] : commits.slice(at);
  if (from?.snapshot === undefined) return commits.reduce(afterCommit, newOrder(orderId));
  // Only `commitOf` writes snapshots, and this version of it such states.
  const state = from.snapshot.state as unknown as OrderState;
  return commits.slice(at + 1).reduce(afterCommit, { orderId, state, lastCommit: from });
}

/**
 * One read of the stream's end, however long it is, and a second of all of it where no snapshot of
 * today's rules is there. Errors: those of `loadOrder` and of the store.
 */
export async function readOrder(
  store: Pick<OrderStore, "read" | "tail">,
  orderId: string,
): Promise<LoadedOrder> {
  const tail = await store.tail?.(orderId, SNAPSHOT_EVERY_COMMITS);
  const isEnough = tail !== undefined && (tail.some(isUsable) || (tail[0]?.number ?? 1) === 1);
  return loadOrder(orderId, isEnough ? tail : await store.read(orderId));
}

/**
 * Of so many commits one carries what the order is after it. Most orders have a dozen and never
 * come to it: a snapshot is as large as their events (docs/decisions, "a commit carries").
 */
export const SNAPSHOT_EVERY_COMMITS = 32;

/** To be raised with every change of `OrderState` or of what `evolve` makes of an event. */
export const SNAPSHOT_VERSION = 3;

const isUsable = ({ snapshot }: OrderCommit): boolean => snapshot?.version === SNAPSHOT_VERSION;

/** What a decision adds to the order's stream; it has at least one event. */
export function commitOf(
  { orderId, state, lastCommit }: LoadedOrder,
  events: readonly OrderEvent[],
  { now, fingerprint, traceparent }: CommitFacts,
): OrderCommit {
  const commit = nextCommit(orderId, lastCommit === undefined ? [] : [lastCommit], {
    events,
    recordedAt: now,
    fingerprint,
    traceparent,
  });
  if (commit.number % SNAPSHOT_EVERY_COMMITS !== 0) return commit;
  const after = commit.events.map(decodeEvent).reduce(evolve, state) as unknown as Json;
  return { ...commit, snapshot: { version: SNAPSHOT_VERSION, state: after } };
}

export const afterCommit = (order: LoadedOrder, commit: Commit): LoadedOrder => ({
  orderId: order.orderId,
  state: commit.events.map(decodeEvent).reduce(evolve, order.state),
  lastCommit: commit,
});

/**
 * Throws `Failure` `malformed-message` (halt) for anything but an event of an order, as the
 * contract has it.
 */
export function decodeEvent(stored: {
  readonly type: string;
  readonly data: JsonObject;
}): OrderEvent {
  const { type, data } = stored;
  if (!isOrderEventType(type)) throw malformed(`an order has no event ${type}`);
  const parsed = orderEventSchemas[type].safeParse(data);
  if (parsed.success) return { type, data: parsed.data } as OrderEvent;
  const [issue] = parsed.error.issues;
  throw malformed(`${type} is wrong at /${issue?.path.join("/")}: ${issue?.message}`);
}

const isOrderEventType = (type: string): type is OrderEventType =>
  Object.hasOwn(orderEventSchemas, type);

const malformed = (message: string): Failure => new Failure("malformed-message", "halt", message);
