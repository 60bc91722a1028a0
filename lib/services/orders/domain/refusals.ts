/**
 * How the rules of an order refuse: the caller hears why, and whether asking again can help.
 */
import { Failure } from "#kernel/failure";
import type { OrderEvent } from "./events.ts";

export const notOpen = (why: string): Failure =>
  new Failure("order-not-open", "reject", `the order is not open: ${why}`);

export const neverPlaced = (): Failure => notOpen("it was never placed");

/** Whoever asked for it wants it undone: its saga turns back. */
export const cancelRequested = (): Failure =>
  new Failure("cancel-requested", "reject", "the order's cancellation has been asked for");

export const damaged = (event: Pick<OrderEvent, "type">, phase: string): Failure =>
  new Failure("unexpected", "halt", `the stream has ${event.type} where the order is ${phase}`);
