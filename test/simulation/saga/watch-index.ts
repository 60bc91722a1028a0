/**
 * The index over orders that somebody may have to look after, as the order list keeps it, without
 * the list's delay.
 */
import type { EpochMs } from "#kernel/units";
import type { Commit } from "#messaging";
import type { OrderWatch, WatchedOrder } from "#services/orders/ports";
import { decodeEvent } from "#services/orders/usecases/order-stream";
import { beginWatch, type OrderWatchState, watched } from "#services/orders/usecases/watch-state";

export type WatchIndex = OrderWatch & {
  committed(commit: Commit, now: EpochMs): void;
  /** Every order that is listed as stuck. */
  needing(): readonly string[];
};

export function watchIndex(): WatchIndex {
  const states = new Map<string, OrderWatchState | undefined>();
  const listed = (kind: OrderWatchState["kind"], until: number, limit: number) =>
    [...states]
      .flatMap(([orderId, state]): readonly WatchedOrder[] =>
        state?.kind === kind && state.at <= until ? [{ orderId, since: state.at }] : [],
      )
      .toSorted((a, b) => a.since - b.since)
      .slice(0, limit);

  return {
    committed({ stream, events }, now) {
      for (const event of events.map(decodeEvent)) {
        const state =
          event.type === "order.placed" ? beginWatch(now) : watched(states.get(stream), event, now);
        states.set(stream, state);
      }
    },
    overdue: async (until, limit) => listed("open", until, limit),
    needing: () =>
      listed("stuck", Number.MAX_SAFE_INTEGER, states.size).map(({ orderId }) => orderId),
    stuck: async (limit) => listed("stuck", Number.MAX_SAFE_INTEGER, limit),
  };
}
