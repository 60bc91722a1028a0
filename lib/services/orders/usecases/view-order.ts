/**
 * One order as its customer and the shop's people see it: the fold of its stream, and beside it how
 * far its fulfilment reports have come.
 */
import type { OrderView } from "#contracts/http/orders";
import { isoInstant } from "#kernel/units";
import type { Head } from "#messaging";
import type { FulfilmentStep, OrderFacts, Rejection } from "../domain/events.ts";
import { type PlacedOrder, statusOf } from "../domain/order.ts";
import { priceOf } from "../domain/price-order.ts";
import type { OrderRecord, OrderRecords } from "../ports.ts";
import { type Asker, isFor, unknown } from "./asker.ts";
import { lifeView, paidBack } from "./view-life.ts";
import { loadOrder } from "./order-stream.ts";

export type OrderQuery = { readonly orderId: string; readonly asker: Asker };

/**
 * Throws `Failure` `not-found` (reject), for another customer's order too: its existence is the
 * shop's business, and no other customer's.
 */
export async function viewOrder(
  { records }: { readonly records: OrderRecords },
  query: OrderQuery,
): Promise<OrderView> {
  const { state, record } = await askedOrder(records, query);
  return {
    ...factsView(state.facts),
    status: statusOf(state),
    ...stepsView(state),
    ...outcomeView(state),
    ...lifeView(state),
    fulfilment: fulfilmentView(record.fulfilment),
  };
}

/**
 * An order that the asker may see, with the record it was folded from. Throws `Failure` `not-found`
 * (reject).
 */
export async function askedOrder(
  records: OrderRecords,
  { orderId, asker }: OrderQuery,
): Promise<{ readonly state: PlacedOrder; readonly record: OrderRecord }> {
  const record = await records.read(orderId);
  const { state } = loadOrder(orderId, record.commits);
  if (state.phase === "unplaced" || !isFor(asker, state)) throw unknown(orderId);
  return { state, record };
}

const factsView = (facts: OrderFacts) => ({
  orderId: facts.orderId,
  ...(facts.externalReference !== undefined && { externalReference: facts.externalReference }),
  placedAt: isoInstant(facts.placedAt),
  lines: [...facts.lines],
  total: { amount: facts.total, currency: facts.currency },
  price: priceView(facts),
});

export function priceView(facts: Pick<OrderFacts, "lines" | "price">): OrderView["price"] {
  const price = priceOf(facts);
  return { ...price, discounts: [...price.discounts] };
}

function stepsView(
  state: PlacedOrder,
): Pick<OrderView, "approvedAt" | "handedToCarrierAt" | "deliveredAt"> {
  if (state.phase !== "reported") return {};
  const at = (step: FulfilmentStep): string | undefined => {
    const occurredAt = state.steps[step]?.occurredAt;
    return occurredAt === undefined ? undefined : isoInstant(occurredAt);
  };
  const approvedAt = at("approved");
  const handedToCarrierAt = at("handed-to-carrier");
  const deliveredAt = at("delivered");
  return {
    ...(approvedAt !== undefined && { approvedAt }),
    ...(handedToCarrierAt !== undefined && { handedToCarrierAt }),
    ...(deliveredAt !== undefined && { deliveredAt }),
  };
}

function outcomeView(state: PlacedOrder): Pick<OrderView, "payment" | "rejection"> {
  switch (state.phase) {
    case "placed":
      return { payment: { status: "pending" } };
    case "confirmed":
    case "reported":
    case "cancelled": {
      const { paymentId } = state;
      if (paymentId === undefined) return { payment: { status: "voided" } };
      return { payment: { status: paidBack(state), paymentId } };
    }
    case "rejected":
      return {
        payment: {
          status: state.rejection.reason === "payment-declined" ? "declined" : "failed",
        },
        rejection: rejectionView(state.rejection),
      };
    default:
      return state satisfies never;
  }
}

const rejectionView = ({ short, ...told }: Rejection): NonNullable<OrderView["rejection"]> => ({
  ...told,
  ...(short !== undefined && { short: [...short] }),
});

/** No head yet means that nothing has been reported. */
function fulfilmentView(head: Head | undefined): OrderView["fulfilment"] {
  if (head === undefined) return { status: "running", lastSequence: 0, parked: 0, violations: [] };
  const { halt } = head;
  return {
    status: head.status,
    lastSequence: head.last,
    parked: head.parked.length,
    ...(halt !== undefined && {
      halt: {
        sequence: halt.sequence,
        code: halt.code,
        cause: halt.message,
        at: isoInstant(halt.at),
      },
    }),
    violations: head.violations.map(({ kind, severity, sequence, expected, actual, at }) => ({
      kind,
      severity,
      sequence,
      expected,
      actual,
      at: isoInstant(at),
    })),
  };
}
