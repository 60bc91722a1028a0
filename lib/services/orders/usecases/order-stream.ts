/**
 * Between an order's stored stream and its rules: commits are folded into a state, decisions become
 * the next commit.
 */
import { type OrderEventType, orderEventSchemas } from "#contracts/events/order-events";
import { Failure } from "#kernel/failure";
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import { type Commit, nextCommit } from "#messaging";
import type { OrderEvent } from "../domain/events.ts";
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
 * Throws `Failure` `malformed-message` or `unexpected` (halt) for a stream that these rules cannot
 * have written.
 */
export const loadOrder = (orderId: string, commits: readonly Commit[]): LoadedOrder =>
  commits.reduce(afterCommit, newOrder(orderId));

/** What a decision adds to the order's stream; it has at least one event. */
export const commitOf = (
  { orderId, lastCommit }: LoadedOrder,
  events: readonly OrderEvent[],
  { now, fingerprint, traceparent }: CommitFacts,
): Commit =>
  nextCommit(orderId, lastCommit === undefined ? [] : [lastCommit], {
    events,
    recordedAt: now,
    fingerprint,
    traceparent,
  });

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
