/**
 * Everything that happened to one order, numbered without gaps, straight from its stream: as its
 * customer is told it, or for the shop's people with who decided what, and why.
 */
import { toldData } from "#contracts/events/told-events";
import type { OrderTimeline } from "#contracts/http/orders";
import { isoInstant } from "#kernel/units";
import type { OrderRecords } from "../ports.ts";
import { askedOrder, type OrderQuery } from "./view-order.ts";

/** Throws `Failure` `not-found` (reject), for another customer's order too. */
export async function orderTimeline(
  { records }: { readonly records: OrderRecords },
  query: OrderQuery,
): Promise<OrderTimeline> {
  const { record } = await askedOrder(records, query);
  const isStaff = query.asker.kind === "staff";
  return {
    orderId: query.orderId,
    events: record.commits.flatMap((commit) =>
      commit.events.map(({ sequence, type, data }) => ({
        sequence,
        type,
        recordedAt: isoInstant(commit.recordedAt),
        data: isStaff ? data : { ...toldData(type, data) },
      })),
    ),
  };
}
