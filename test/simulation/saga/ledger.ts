/**
 * The truth about every order, and 17: all effects of its saga once, or the net effect is zero.
 * Told of each effect as it happens; looks at nothing but the order that it is about.
 */
import type { Breach } from "#simulation/scenario";
import type { Commit } from "#messaging";
import type { ReservationLine, ReserveAnswer, StockLevel } from "#services/inventory/ports";
import type { ProviderPayment } from "#services/payments/ports";

const SAGA = 17;

export type OrderTruth = {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly lines: readonly ReservationLine[];
  status: "placed" | "confirmed" | "rejected";
  paymentId?: string;
  reason?: string;
  payments: readonly ProviderPayment[];
  /** Its stock is promised to it now. */
  isHeld: boolean;
  wasReleased: boolean;
  wasOutOfStock: boolean;
};

export type Ledger = {
  committed(commit: Commit): void;
  paid(orderId: string, payments: readonly ProviderPayment[]): void;
  reserved(orderId: string, answer: ReserveAnswer): void;
  released(orderId: string): void;
  /** What the store says now about everything it has. */
  counted(levels: readonly StockLevel[]): void;
  /** Every order, with nothing under way any more. */
  atEnd(): void;
  judge(detail: string | undefined): void;
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

  const judge = (detail: string | undefined): void => {
    if (detail !== undefined) breach ??= { invariant: SAGA, detail, step: steps() };
  };
  const change = (orderId: string, what: string, act: (order: OrderTruth) => void): void => {
    const order = orders.get(orderId);
    if (order === undefined) return judge(`${what} of ${orderId}, which was never placed`);
    act(order);
    effects += 1;
    onEffect(what, orderId);
    judge(contradiction(order));
  };

  return {
    committed({ stream, events }) {
      for (const { type, data } of events) {
        if (type === "order.placed") orders.set(stream, placed(stream, data as unknown as Facts));
        else {
          const facts = data as unknown as EndFacts;
          change(stream, endName(facts), (order) => {
            if (order.status !== "placed") judge(`${stream} is ${order.status}, then ${type}`);
            end(order, facts);
          });
        }
      }
    },
    paid(orderId, payments) {
      const now = payments.map(({ status }) => status).join("-");
      change(orderId, `payment-${now}`, (order) => {
        order.payments = payments;
      });
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
type EndFacts = { readonly paymentId?: string; readonly reason?: string };

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
});

const endName = ({ reason }: EndFacts): string =>
  reason === undefined ? "confirmed" : `rejected-${reason}`;

function end(order: OrderTruth, { paymentId, reason }: EndFacts): void {
  order.status = reason === undefined ? "confirmed" : "rejected";
  if (paymentId !== undefined) order.paymentId = paymentId;
  if (reason !== undefined) order.reason = reason;
}

/** What holds at every moment. */
function contradiction(order: OrderTruth): string | undefined {
  const { orderId, status, payments, wasReleased, isHeld } = order;
  const of = (...statuses: readonly string[]) =>
    payments.filter((payment) => statuses.includes(payment.status));
  if (payments.length > 1) return `${orderId} was charged ${payments.length} times`;
  const [wrong] = payments.filter(
    ({ amount, currency }) => amount !== order.amount || currency !== order.currency,
  );
  if (wrong !== undefined) return `${orderId} costs ${order.amount}; charged ${wrong.amount}`;
  const captured = of("captured");
  if (captured.length > 0 && wasReleased) {
    return `${orderId}: the money is taken and the stock is given back`;
  }
  switch (status) {
    case "placed":
      return undefined;
    case "confirmed":
      if (captured[0]?.paymentId !== order.paymentId) {
        return `${orderId} is confirmed with ${order.paymentId}; captured: ${captured.length}`;
      }
      return isHeld ? undefined : `${orderId} is confirmed without its stock`;
    case "rejected":
      if (isHeld) return `${orderId} is rejected and holds stock`;
      if (of("authorised", "captured").length > 0) {
        return `${orderId} is rejected (${order.reason}) with a payment ${payments[0]?.status}`;
      }
      return wrongReason(order);
    default:
      return status satisfies never;
  }
}

function wrongReason(order: OrderTruth): string | undefined {
  const { orderId, reason, payments, wasOutOfStock } = order;
  if (reason === "out-of-stock" && !wasOutOfStock) return `${orderId} never was out of stock`;
  if (reason === "payment-declined" && payments[0]?.status !== "declined") {
    return `${orderId} is rejected as declined; nobody declined it`;
  }
  return undefined;
}

function unfinished(order: OrderTruth): string | undefined {
  const { orderId, status, payments, isHeld } = order;
  if (status !== "placed") return undefined;
  const paid = payments.map((payment) => payment.status).join() || "none";
  return `${orderId} never ended: payment ${paid}, stock ${isHeld ? "held" : "not held"}`;
}

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
