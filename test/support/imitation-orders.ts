/**
 * The orders, stock and reports of the imitation shop: what its answers are, without HTTP.
 */
import { verifyWebhook } from "#adapters/http/standard-webhooks";
import type { OrderView, PlaceOrderBody } from "#contracts/http/orders";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { sha256Crockford26 } from "#kernel/hash";
import { type EpochMs, isoInstant, parseInstant } from "#kernel/units";
import type { Books } from "#replay/money";
import type { Catalogue } from "#replay/olist";
import { priceView } from "#services/orders/usecases/view-order";

/** Of the view of an order of which nothing has been sent, cancelled or paid back. */
export const untouched = () => ({
  shipment: { status: "none" as const },
  cancelRequested: false,
  needsAttention: false,
  refunds: [],
  returns: [],
  fulfilment: { status: "running" as const, lastSequence: 0, parked: 0, violations: [] },
});

export const IMITATION_SECRET = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;

export type OrdersProps = {
  readonly catalogue: Catalogue;
  readonly onHand: number;
  /** Changes an order's answer, as a shop with a fault would give it. */
  readonly view?: (view: OrderView) => OrderView;
};

export type Counts = {
  requests: number;
  placed: number;
  repeated: number;
  sent: number;
  applied: number;
  duplicates: number;
  released: number;
};

type Order = {
  readonly view: OrderView;
  readonly events: { type: string; data: Record<string, unknown> }[];
  readonly waiting: Map<number, FulfilmentBody>;
  /** Webhook ids by their sequence. */
  readonly ids: Map<number, string>;
  latest: number;
  looks: number;
};

type Reply = { readonly status: number; readonly body: unknown };
export type Request = { readonly path: string; readonly text: string; readonly headers: Headers };
export type Headers = Readonly<Record<string, string>>;

export class ImitationOrders {
  readonly counts: Counts = {
    requests: 0,
    placed: 0,
    repeated: 0,
    sent: 0,
    applied: 0,
    duplicates: 0,
    released: 0,
  };
  readonly keys = new Map<string, string>();
  readonly #orders = new Map<string, Order>();
  readonly #reserved = new Map<string, number>();
  readonly #props: OrdersProps;

  constructor(props: OrdersProps) {
    this.#props = props;
  }

  serve({ path, text, headers }: Request): Reply {
    const [, first, second, id = "", last] = path.split("/");
    if (first === "oauth2") return { status: 200, body: TOKEN };
    if (second === "webhooks") return this.#report(text, headers);
    if (headers["authorization"] !== "Bearer imitation") return { status: 401, body: {} };
    if (second === "inventory") return { status: 200, body: this.#stock(id) };
    const order = this.#orders.get(id);
    if (id === "") return this.#place(JSON.parse(text) as PlaceOrderBody, headers);
    if (order === undefined) return { status: 404, body: {} };
    return { status: 200, body: last === "events" ? timelineOf(order) : this.#view(order) };
  }

  #place(body: PlaceOrderBody, headers: Headers): Reply {
    const key = headers["idempotency-key"] ?? "";
    const orderId = sha256Crockford26(key);
    if (this.#orders.has(orderId)) this.counts.repeated += 1;
    else this.#open(orderId, body, key);
    const self = `/v1/orders/${orderId}`;
    return {
      status: 202,
      body: { orderId, status: "placed", links: { self, events: `${self}/events` } },
    };
  }

  #open(orderId: string, body: PlaceOrderBody, key: string): void {
    this.counts.placed += 1;
    this.keys.set(orderId, key);
    const lines = (body.lines ?? []).map(({ sku, quantity }) => {
      const product = this.#props.catalogue.products.get(sku);
      if (product === undefined) throw new RangeError(`no product ${sku}`);
      return { sku, quantity, unitPrice: product.price, unitFreight: product.freight };
    });
    const amount = lines.reduce(
      (sum, line) => sum + line.quantity * (line.unitPrice + line.unitFreight),
      0,
    );
    const declined = amount % 100 === 13;
    if (!declined) for (const { sku, quantity } of lines) this.#reserve(sku, quantity);
    const placedAt = parseInstant(body.placedAt ?? "") ?? (0 as EpochMs);
    this.#orders.set(orderId, {
      view: {
        orderId,
        ...(body.externalReference !== undefined && { externalReference: body.externalReference }),
        status: declined ? "rejected" : "confirmed",
        placedAt: isoInstant(placedAt),
        lines,
        total: { amount, currency: "BRL" },
        price: priceView({ lines }),
        payment: declined ? { status: "declined" } : { status: "captured", paymentId: "p" },
        ...(declined && { rejection: { reason: "payment-declined" } }),
        ...untouched(),
      },
      events: [
        { type: "order.placed", data: {} },
        ...(declined ? [] : [{ type: "order.shipment-created", data: {} }]),
        { type: declined ? "order.rejected" : "order.confirmed", data: {} },
      ],
      waiting: new Map(),
      ids: new Map(),
      latest: placedAt,
      looks: 0,
    });
  }

  /** What it took for these orders; it pays nothing back, and has all that it ever received. */
  books(orderIds: readonly string[]): Books {
    const taken = orderIds.flatMap((id) => {
      const view = this.#orders.get(id)?.view;
      return view?.payment.status === "captured" ? [view.total.amount] : [];
    });
    const captured = taken.reduce((sum, amount) => sum + amount, 0);
    return {
      ledger: { captured, refunded: 0, faults: [] },
      stock: { inStockAndSold: this.#props.onHand, loaded: this.#props.onHand },
    };
  }

  #reserve(sku: string, quantity: number): void {
    this.#reserved.set(sku, (this.#reserved.get(sku) ?? 0) + quantity);
  }

  #stock(sku: string) {
    const reserved = this.#reserved.get(sku) ?? 0;
    const { onHand } = this.#props;
    return { sku, onHand, reserved, available: onHand - reserved, sold: 0 };
  }

  /** The saga takes its time: the first look sees an order that is only placed. */
  #view(order: Order): OrderView {
    order.looks += 1;
    if (order.looks === 1) return { ...order.view, status: "placed" };
    return this.#props.view?.(order.view) ?? order.view;
  }

  #report(rawBody: string, headers: Headers): Reply {
    const now = (Number(headers["webhook-timestamp"]) * 1000) as EpochMs;
    verifyWebhook({ headers, rawBody, secret: IMITATION_SECRET, now });
    const body = JSON.parse(rawBody) as FulfilmentBody;
    const order = this.#orders.get(body.orderId);
    if (order === undefined) return { status: 404, body: {} };
    this.counts.sent += 1;
    const webhookId = headers["webhook-id"] ?? "";
    const known = order.ids.get(body.sequence) ?? webhookId;
    order.ids.set(body.sequence, known);
    if (known !== webhookId) {
      order.view.fulfilment.violations.push(violation("sequence-conflict", body.sequence));
    }
    const { lastSequence } = order.view.fulfilment;
    if (body.sequence <= lastSequence || order.waiting.has(body.sequence)) {
      this.counts.duplicates += 1;
    } else {
      order.waiting.set(body.sequence, body);
      this.#applyInOrder(order, body.sequence);
    }
    return { status: 202, body: { accepted: true } };
  }

  /** As an operator who puts something in the place of what halted the order, or nothing. */
  resolve(orderId: string, replacement?: FulfilmentBody): void {
    const order = this.#orders.get(orderId);
    const sequence = order?.view.fulfilment.halt?.sequence;
    if (order === undefined || sequence === undefined) throw new RangeError(`${orderId} runs`);
    const { fulfilment } = order.view;
    fulfilment.status = "running";
    delete fulfilment.halt;
    order.waiting.delete(sequence);
    if (replacement === undefined) fulfilment.lastSequence = sequence;
    else order.waiting.set(sequence, replacement);
    this.#applyInOrder(order, 0);
  }

  #applyInOrder(order: Order, arrived: number): void {
    const { fulfilment } = order.view;
    for (;;) {
      fulfilment.parked = order.waiting.size;
      const next = order.waiting.get(fulfilment.lastSequence + 1);
      if (next === undefined || fulfilment.status === "halted") return;
      if (next.type !== "final-status" && order.view[STEPS[next.type].field] !== undefined) {
        fulfilment.status = "halted";
        fulfilment.halt = { ...HALT, sequence: next.sequence };
        return;
      }
      order.waiting.delete(next.sequence);
      fulfilment.lastSequence = next.sequence;
      const held = next.sequence !== arrived;
      this.counts.applied += 1;
      this.counts.released += held ? 1 : 0;
      apply(order, next, held);
    }
  }
}

const HALT = { code: "not-expected", cause: "said before", at: "2018-01-30T10:00:00.000Z" };

const TOKEN = { access_token: "imitation", token_type: "Bearer", expires_in: 900, scope: "" };

const STEPS = {
  approved: { field: "approvedAt", status: "approved" },
  "handed-to-carrier": { field: "handedToCarrierAt", status: "shipped" },
  delivered: { field: "deliveredAt", status: "delivered" },
} as const;

function apply(order: Order, report: FulfilmentBody, held: boolean): void {
  const { view, events } = order;
  const final = report.type === "final-status";
  view.status = final ? report.status : STEPS[report.type].status;
  const occurredAt = final ? undefined : parseInstant(report.occurredAt);
  if (!final && occurredAt !== undefined) {
    view[STEPS[report.type].field] = isoInstant(occurredAt);
    if (occurredAt < order.latest)
      view.fulfilment.violations.push(violation("timestamp-anomaly", report.sequence));
    order.latest = Math.max(order.latest, occurredAt);
  }
  events.push({
    type: "order.fulfilment-reported",
    data: {
      report: report.type,
      status: view.status,
      ...(occurredAt !== undefined && { occurredAt }),
      receivedAt: 1_000,
      appliedAt: held ? 1_050 : 1_005,
      held,
      webhookId: `msg_${report.sequence}`,
      webhookSequence: report.sequence,
    },
  });
}

const violation = (kind: string, sequence: number) => ({
  kind,
  severity: "warning",
  sequence,
  expected: "",
  actual: "",
  at: "2018-01-30T10:00:00.000Z",
});

const timelineOf = ({ view, events }: Order) => ({
  orderId: view.orderId,
  events: events.map((event, index) => ({
    sequence: index + 1,
    recordedAt: "2018-01-30T10:00:00.000Z",
    ...event,
  })),
});
