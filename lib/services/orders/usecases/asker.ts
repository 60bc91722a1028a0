/**
 * Who asks about an order, and whether it is there for him.
 */
import { Failure } from "#kernel/failure";
import type { PlacedOrder } from "../domain/order.ts";

export type Asker =
  /** His own orders alone; another's does not exist for him. */
  { readonly kind: "customer"; readonly id: string } | { readonly kind: "staff" };

export const isFor = (asker: Asker, { facts }: PlacedOrder): boolean =>
  asker.kind === "staff" || facts.customerId === asker.id;

/** What is said of an order that the asker has nothing to do with. */
export const unknown = (orderId: string): Failure =>
  new Failure("not-found", "reject", `You have no order ${orderId}.`);
