/**
 * What an order lives through beside its phase: its runs and what they need, its cancellation,
 * review, shipment, refunds and returns.
 */
import type { EpochMs } from "#kernel/units";
import type {
  Decider,
  NeedsAttention,
  OrderEvent,
  RefundRequested,
  ReturnRequested,
  ReviewDecision,
} from "./events.ts";
import { damaged } from "./refusals.ts";

export type Refund = RefundRequested & {
  readonly outcome: "pending" | "refunded" | "refused";
  /** How often it has been started again. */
  readonly run: number;
};

export type Review = {
  readonly deadline: EpochMs;
  /** Absent: nobody has decided. */
  readonly decision?: ReviewDecision;
};

export type Return = ReturnRequested & { readonly isReceived: boolean };

export type Life = {
  /** How often the order's saga has been started again. */
  readonly run: number;
  /** One for each work that needs somebody. */
  readonly attention: readonly NeedsAttention[];
  readonly cancel?: Decider;
  readonly review?: Review;
  readonly shipmentId?: string;
  readonly refunds: readonly Refund[];
  readonly returns: readonly Return[];
};

export const newLife: Life = { run: 0, attention: [], refunds: [], returns: [] };

/** What the cancellation under way pays back last; those that were refused are none. */
export const cancelRefund = ({ refunds }: Pick<Life, "refunds">): Refund | undefined =>
  refunds.findLast(({ cause, outcome }) => cause === "cancel" && outcome !== "refused");

export type LifeEvent = Exclude<
  OrderEvent,
  {
    readonly type:
      | "order.placed"
      | "order.confirmed"
      | "order.rejected"
      | "order.cancelled"
      | "order.fulfilment-reported";
  }
>;

/** Throws `Failure` `unexpected` (halt) for an event that no decision can have produced. */
export function evolveLife(life: Life, event: LifeEvent): Life {
  switch (event.type) {
    case "order.review-requested":
      return { ...life, review: event.data };
    case "order.review-decided":
      if (life.review === undefined) throw damaged(event, "not under review");
      return { ...life, review: { ...life.review, decision: event.data.decision } };
    case "order.shipment-created":
      return { ...life, shipmentId: event.data.shipmentId };
    case "order.cancel-requested":
      return { ...life, cancel: event.data };
    case "order.needs-attention":
      return { ...life, attention: [...without(life, event.data.refundId), event.data] };
    case "order.repaired":
      return repaired(life, event.data);
    case "order.refund-requested":
      return {
        ...life,
        refunds: [...life.refunds, { ...event.data, outcome: "pending", run: 0 }],
      };
    case "order.refunded":
      return settled(life, event, "refunded");
    case "order.refund-refused":
      return refused(life, event);
    case "order.return-requested":
      return { ...life, returns: [...life.returns, { ...event.data, isReceived: false }] };
    case "order.return-received":
      return received(life, event);
    default:
      return event satisfies never;
  }
}

/** The saga has ended: nobody has to look after it any more. */
export const sagaEnded = (life: Life): Life => ({ ...life, attention: without(life, undefined) });

/** The order has ended; what is still to be paid back may need somebody all the same. */
export const orderEnded = (life: Life): Life => {
  const open = life.refunds.filter(({ outcome }) => outcome === "pending");
  const isOpen = (wanted: string | undefined) => open.some(({ refundId }) => refundId === wanted);
  return { ...life, attention: life.attention.filter(({ refundId }) => isOpen(refundId)) };
};

const without = ({ attention }: Life, refundId: string | undefined): readonly NeedsAttention[] =>
  attention.filter((one) => one.refundId !== refundId);

function repaired(
  life: Life,
  { refundId, run }: Extract<OrderEvent, { readonly type: "order.repaired" }>["data"],
): Life {
  const attention = without(life, refundId);
  if (refundId === undefined) return { ...life, run, attention };
  const refunds = life.refunds.map((one) => (one.refundId === refundId ? { ...one, run } : one));
  return { ...life, refunds, attention };
}

function settled(
  life: Life,
  event: Extract<LifeEvent, { readonly type: "order.refunded" | "order.refund-refused" }>,
  outcome: Refund["outcome"],
): Life {
  const { refundId } = event.data;
  if (!life.refunds.some((one) => one.refundId === refundId)) {
    throw damaged(event, `without a refund ${refundId}`);
  }
  return {
    ...life,
    refunds: life.refunds.map((one) => (one.refundId === refundId ? { ...one, outcome } : one)),
    attention: without(life, refundId),
  };
}

/**
 * A cancellation whose money cannot be paid back is over, and the order goes on, unless a part is
 * back or on its way: then nothing is sent any more.
 */
function refused(
  life: Life,
  event: Extract<LifeEvent, { readonly type: "order.refund-refused" }>,
): Life {
  const after = settled(life, event, "refused");
  if (cancelRefund(life) === undefined || cancelRefund(after) !== undefined) return after;
  const { cancel: _over, ...goesOn } = after;
  return goesOn;
}

function received(
  life: Life,
  event: Extract<LifeEvent, { readonly type: "order.return-received" }>,
): Life {
  const { returnId } = event.data;
  if (!life.returns.some((one) => one.returnId === returnId)) {
    throw damaged(event, `without a return ${returnId}`);
  }
  return {
    ...life,
    returns: life.returns.map((one) =>
      one.returnId === returnId ? { ...one, isReceived: true } : one,
    ),
  };
}
