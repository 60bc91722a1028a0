/**
 * An order's rules as tests put them: what a stream has become after commands, and how one is
 * refused.
 */
import type { Failure } from "#kernel/failure";
import type { OrderEvent } from "#services/orders/domain/events";
import { decide, evolve, type OrderCommand, unplaced } from "#services/orders/domain/order";

export const by = { author: "ann", reason: "too slow" };

export const cancel: OrderCommand = { type: "request-cancel", ...by };

export const refund = (refundId: string, amount: number, reason = by.reason): OrderCommand => ({
  type: "request-refund",
  refund: { refundId, amount, cause: "refund", author: by.author, reason },
});

export const paidBack = (refundId: string): OrderCommand => ({
  type: "refunded",
  refundId,
  paymentId: "pay-1",
});

export const refusedBack = (refundId: string): OrderCommand => ({
  type: "refuse-refund",
  refundId,
  detail: "the provider refuses it",
});

export const stateAfter = (events: readonly OrderEvent[]) => {
  const state = events.reduce(evolve, unplaced);
  if (state.phase === "unplaced") throw new Error("expected an order");
  return state;
};

/** The stream after these commands have taken effect. */
export const after = (
  events: readonly OrderEvent[],
  ...commands: readonly OrderCommand[]
): readonly OrderEvent[] =>
  commands.reduce<readonly OrderEvent[]>(
    (all, command) => [...all, ...decide(command, all.reduce(evolve, unplaced))],
    events,
  );

export const typesOf = (events: readonly OrderEvent[]) => events.map(({ type }) => type);

export function failureOf(action: () => unknown): Failure {
  try {
    action();
  } catch (error) {
    return error as Failure;
  }
  throw new Error("expected a failure, got an answer");
}

export const refused = (events: readonly OrderEvent[], command: OrderCommand) =>
  failureOf(() => after(events, command)).code;
