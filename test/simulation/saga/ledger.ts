/**
 * The truth about every order, and 17: all effects of its saga once, or the net effect is zero.
 * Told of each effect as it happens; looks at nothing but the order that it is about.
 */
import type { Breach } from "#simulation/scenario";
import type { Commit } from "#messaging";
import type { OrderTruth } from "./order-truth.ts";
import { contradiction, heard, nameOf, unfinished } from "./order-rules.ts";
import type { ReservationLine, ReserveAnswer, StockLevel } from "#services/inventory/ports";
import type { ProviderPayment } from "#services/payments/ports";

const SAGA = 17;

export type Ledger = {
  committed(commit: Commit): void;
  paid(orderId: string, payments: readonly ProviderPayment[]): void;
  /** The provider pays that back never. */
  refused(orderId: string, refundId: string): void;
  reserved(orderId: string, answer: ReserveAnswer): void;
  released(orderId: string): void;
  /** It came to its end before it was committed. */
  holdEnded(orderId: string): void;
  /** What the store says now about everything it has. */
  counted(levels: readonly StockLevel[]): void;
  /** Every order, with nothing under way any more. */
  atEnd(): void;
  /** @param invariant default: the saga's. */
  readonly judge: (detail: string | undefined, invariant?: number) => void;
  breach(): Breach | undefined;
  orders(): readonly OrderTruth[];
  effects(): number;
};

export type LedgerOptions = {
  readonly stock: Readonly<Record<string, number>>;
  readonly steps: () => number;
  readonly onEffect: (what: string, orderId: string) => void;
};

export function ledger({ stock, steps, onEffect }: LedgerOptions): Ledger {
  const orders = new Map<string, OrderTruth>();
  let breach: Breach | undefined;
  let effects = 0;

  const judge = (detail: string | undefined, invariant = SAGA): void => {
    if (detail !== undefined) breach ??= { invariant, detail, step: steps() };
  };
  const happens = (orderId: string, what: string, act: (order: OrderTruth) => void): void => {
    const order = orders.get(orderId);
    if (order === undefined) return judge(`${what} of ${orderId}, which was never placed`);
    act(order);
    effects += 1;
    onEffect(what, orderId);
  };
  const check = (order?: OrderTruth): void => judge(order && contradiction(order));
  const change: typeof happens = (orderId, what, act) => {
    happens(orderId, what, act);
    check(orders.get(orderId));
  };

  return {
    committed({ stream, events }) {
      for (const { type, data } of events) {
        if (type === "order.placed") orders.set(stream, placed(stream, data as unknown as Facts));
        else happens(stream, nameOf(type, data), (order) => judge(heard(order, type, data)));
      }
      // A commit is one moment.
      check(orders.get(stream));
    },
    paid(orderId, payments) {
      const now = payments.map(({ status }) => status).join("-");
      change(orderId, `payment-${now}`, (order) => {
        order.payments = payments;
      });
    },
    refused(orderId, refundId) {
      orders.get(orderId)?.refusals.add(refundId);
    },
    reserved(orderId, { kind }) {
      change(orderId, kind, (order) => {
        if (kind === "reserved") order.isHeld = true;
        if (kind === "out-of-stock") order.wasOutOfStock = true;
      });
    },
    released(orderId) {
      change(orderId, "released", (order) => {
        order.isHeld = false;
        order.wasReleased = true;
      });
    },
    holdEnded(orderId) {
      change(orderId, "hold-ended", (order) => {
        order.wasExpired = true;
      });
    },
    counted(levels) {
      const all = [...orders.values()];
      for (const level of levels) judge(miscounted(level, stock[level.sku] ?? 0, all));
    },
    atEnd() {
      for (const order of orders.values()) judge(unfinished(order) ?? contradiction(order));
    },
    judge,
    breach: () => breach,
    orders: () => [...orders.values()],
    effects: () => effects,
  };
}

type Facts = {
  readonly total: number;
  readonly currency: string;
  readonly lines: readonly ReservationLine[];
};
const placed = (orderId: string, { total, currency, lines }: Facts): OrderTruth => ({
  orderId,
  amount: total,
  currency,
  lines,
  status: "placed",
  payments: [],
  isHeld: false,
  wasReleased: false,
  wasOutOfStock: false,
  wasExpired: false,
  hasShipment: false,
  isCancelAsked: false,
  isUnderReview: false,
  refunds: new Map(),
  refusals: new Set(),
  attention: new Map(),
});

/** Conservation: what is there is what was there, and what is promised is promised to somebody. */
function miscounted(
  { sku, onHand, reserved }: StockLevel,
  atStart: number,
  orders: readonly OrderTruth[],
): string | undefined {
  const promised = orders
    .filter(({ isHeld }) => isHeld)
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => (line.sku === sku ? sum + line.quantity : sum), 0);
  if (onHand - reserved < 0) return `${sku} is oversold: ${reserved} promised of ${onHand}`;
  if (onHand !== atStart) return `of ${atStart} ${sku} there are ${onHand}`;
  if (reserved !== promised) return `${reserved} ${sku} are held for orders that have ${promised}`;
  return undefined;
}
