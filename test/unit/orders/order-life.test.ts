// An order's life beside its phase: cancelling, reviewing, repairing, paying back, taking back.
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import type { OrderEvent } from "#services/orders/domain/events";
import { type OrderCommand, statusOf } from "#services/orders/domain/order";
import { expectedRuns } from "#services/orders/domain/runs";
import {
  after,
  by,
  cancel,
  refund,
  refused,
  stateAfter,
  typesOf,
} from "../../support/order-decisions.ts";
import {
  confirmed,
  delivered,
  facts,
  now,
  orderId,
  placed,
  rejected,
} from "../../support/order-samples.ts";

const cancelAsked: OrderEvent = { type: "order.cancel-requested", data: by };
const deadline = (now + 1000) as EpochMs;
const reviewAsked: OrderEvent = { type: "order.review-requested", data: { deadline } };
const failed: OrderEvent = {
  type: "order.needs-attention",
  data: { run: 0, kind: "failed", cause: "Void: Refused" },
};

const ship = (over: Partial<{ reviewAbove: number; now: EpochMs }> = {}): OrderCommand => ({
  type: "create-shipment",
  shipmentId: "s-1",
  reviewAbove: facts.total,
  now,
  ...over,
});
const decision = (what: "approved" | "declined", at: EpochMs = now): OrderCommand => ({
  type: "decide-review",
  decision: what,
  now: at,
  ...by,
});
test("a cancellation is asked for once, and the saga's next safe point meets it", () => {
  const asked = after([placed], cancel, cancel);

  expect(typesOf(asked)).toEqual(["order.placed", "order.cancel-requested"]);
  expect(refused(asked, ship())).toBe("cancel-requested");
  expect(statusOf(stateAfter(after(asked, { type: "cancel" })))).toBe("cancelled");
});

test("behind the shipment a cancellation is met where the order is confirmed", () => {
  const shipped = after([placed], ship());

  expect(after([...shipped, cancelAsked], ship())).toHaveLength(3);
});

test("what was paid for in that moment is confirmed and paid back at once", () => {
  const asked = after([placed, cancelAsked], { type: "confirm", paymentId: "pay-1" });

  expect(typesOf(asked).slice(2)).toEqual(["order.confirmed", "order.refund-requested"]);
  expect(stateAfter(asked).life.refunds).toMatchObject([
    { refundId: "cancel", amount: facts.total, cause: "cancel", outcome: "pending" },
  ]);
  expect(refused(asked, { type: "cancel" })).toBe("order-not-open");
  const paid = after(
    asked,
    { type: "refunded", refundId: "cancel", paymentId: "pay-1" },
    { type: "cancel" },
    { type: "cancel" },
  );
  expect(statusOf(stateAfter(paid))).toBe("cancelled");
});

test("a confirmed order pays back what is left of it; one with the carrier nothing", () => {
  const partly = after([placed, confirmed], refund("r-1", 1000), cancel, cancel);

  expect(stateAfter(partly).life.refunds.at(-1)).toMatchObject({ amount: facts.total - 1000 });
  expect(refused(delivered, cancel)).toBe("order-not-open");
  expect(after([placed, rejected], cancel)).toEqual([placed, rejected]);
});

test("a cancellation that cannot be paid back is over, and another has an id of its own", () => {
  const over = after([placed, confirmed], cancel, {
    type: "refuse-refund",
    refundId: "cancel",
    detail: "the provider refuses it",
  });
  const again = after(over, cancel);

  expect(stateAfter(over).life.cancel).toBeUndefined();
  expect(statusOf(stateAfter(over))).toBe("confirmed");
  expect(stateAfter(again).life.refunds.map(({ refundId }) => refundId)).toEqual([
    "cancel",
    "cancel-2",
  ]);
});

test("nobody cancels what nobody asked to cancel", () => {
  expect(refused([placed], { type: "cancel" })).toBe("order-not-open");
  expect(refused([placed, confirmed], { type: "cancel" })).toBe("order-not-open");
  expect(refused([placed, rejected], { type: "cancel" })).toBe("order-not-open");
});

test("a dear order waits for its review, and goes on as that was decided", () => {
  const dear = ship({ reviewAbove: facts.total - 1 });

  expect(refused([placed], dear)).toBe("review-needed");
  expect(refused([placed, reviewAsked], dear)).toBe("review-needed");
  const approved = after([placed, reviewAsked], decision("approved"));
  expect(typesOf(after(approved, dear, dear)).at(-1)).toBe("order.shipment-created");
  const declined = after([placed, reviewAsked], decision("declined"));
  expect(refused(declined, dear)).toBe("review-declined");
});

test("a review has one decision, in time, of an order that waits for it", () => {
  const approved = after([placed, reviewAsked], decision("approved"), decision("approved"));

  expect(approved).toHaveLength(3);
  expect(refused(approved, decision("declined"))).toBe("order-not-open");
  expect(refused([placed], decision("approved"))).toBe("order-not-open");
  expect(refused([placed, reviewAsked], decision("approved", deadline))).toBe("order-not-open");
  const late = ship({ reviewAbove: 0, now: deadline });
  const expired = after([placed, reviewAsked], late);
  expect(expired.at(-1)).toMatchObject({ data: { decision: "expired" } });
  expect(refused(expired, late)).toBe("review-declined");
  expect(refused(expired, decision("approved"))).toBe("order-not-open");
});

test("a review is waited for only where it can still be decided", () => {
  const request: OrderCommand = { type: "request-review", deadline };

  expect(after([placed], request, request)).toEqual([placed, reviewAsked]);
  expect(refused([placed, cancelAsked], request)).toBe("review-over");
  expect(refused(after([placed, reviewAsked], decision("approved")), request)).toBe("review-over");
});

test("a run that ended badly is filed once, and a repair has the next number", () => {
  const file: OrderCommand = { type: "file-attention", run: 0, kind: "failed", cause: "Void" };
  const filed = after([placed], file, file, { ...file, kind: "late" });

  expect(typesOf(filed)).toEqual(["order.placed", "order.needs-attention"]);
  expect(expectedRuns(stateAfter(filed))).toEqual([]);
  const repaired = after(filed, { type: "retry", ...by }, file);
  expect(typesOf(repaired).slice(2)).toEqual(["order.repaired"]);
  expect(expectedRuns(stateAfter(repaired))).toMatchObject([
    { name: `${orderId}-r1`, input: { orderId, run: 1 } },
  ]);
  expect(refused(repaired, { type: "retry", ...by })).toBe("not-stuck");
});

test("a run that is only late is neither repaired nor resolved", () => {
  const late = after([placed], { type: "file-attention", run: 0, kind: "late", cause: "runs" });

  expect(refused(late, { type: "retry", ...by })).toBe("not-stuck");
  expect(expectedRuns(stateAfter(late))).toHaveLength(1);
  const dead = after(late, { type: "file-attention", run: 0, kind: "failed", cause: "ABORTED" });
  expect(stateAfter(dead).life.attention).toMatchObject([{ kind: "failed" }]);
});

test.each([
  { stated: { outcome: "confirmed", paymentId: "pay-1" }, status: "confirmed" },
  { stated: { outcome: "rejected", rejection: rejected.data }, status: "rejected" },
] as const)("an operator's word ends a stuck order as $status, once", ({ stated, status }) => {
  const resolve = { type: "resolve", stated, ...by } as OrderCommand;
  const ended = after([placed, failed], resolve, resolve);

  expect(typesOf(ended).slice(2)).toEqual(["order.repaired", `order.${status}`]);
  expect(stateAfter(ended)).toMatchObject({ phase: status, life: { attention: [] } });
  expect(refused([placed], resolve)).toBe("not-stuck");
});

test("refunds never exceed what was paid, whatever is asked for beside each other", () => {
  const most = after([placed, confirmed], refund("r-1", facts.total - 1), refund("r-2", 1));

  expect(refused(most, refund("r-3", 1))).toBe("refund-exceeds-payment");
  expect(after(most, refund("r-1", facts.total - 1))).toEqual(most);
  expect(refused(most, refund("r-1", 5))).toBe("idempotency-key-reused");
  expect(refused(most, refund("r-2", 1, "another"))).toBe("idempotency-key-reused");
  const freed = after(most, { type: "refuse-refund", refundId: "r-2", detail: "no" });
  expect(after(freed, refund("r-3", 1))).toHaveLength(freed.length + 1);
  expect(refused([placed], refund("r-1", 1))).toBe("order-not-open");
});

test("a refund ends one way", () => {
  const asked = after([placed, confirmed], refund("r-1", 5));
  const paid = { type: "refunded", refundId: "r-1", paymentId: "pay-1" } as const;
  const no = { type: "refuse-refund", refundId: "r-1", detail: "no" } as const;

  expect(after(asked, paid, paid)).toHaveLength(asked.length + 1);
  expect(after(asked, no, no)).toHaveLength(asked.length + 1);
  expect(refused(after(asked, paid), no)).toBe("order-not-open");
  expect(refused(after(asked, no), paid)).toBe("order-not-open");
  expect(refused([placed, confirmed], paid)).toBe("order-not-open");
});

test("what came back is paid for, no more of it than was sent", () => {
  const ask = (returnId: string, quantity: number, reason = by.reason): OrderCommand => ({
    type: "request-return",
    wanted: { returnId, lines: [{ sku: "chair", quantity }], ...by, reason },
  });
  const receive: OrderCommand = { type: "receive-return", returnId: "t-1", ...by };
  const asked = after(delivered, ask("t-1", 1), ask("t-1", 1));

  expect(asked).toHaveLength(delivered.length + 1);
  expect(refused(asked, ask("t-1", 2))).toBe("idempotency-key-reused");
  expect(refused(asked, ask("t-1", 1, "another"))).toBe("idempotency-key-reused");
  expect(refused(asked, ask("t-2", 2))).toBe("return-not-possible");
  expect(refused([placed, confirmed], ask("t-1", 1))).toBe("return-not-possible");
  expect(refused(delivered, receive)).toBe("not-found");
  const back = after(asked, receive, receive);
  expect(typesOf(back).slice(asked.length)).toEqual([
    "order.return-received",
    "order.refund-requested",
  ]);
  expect(stateAfter(back).life.refunds).toMatchObject([{ amount: 4990, cause: "return" }]);
});

test("a cancelled order expects no report", () => {
  const cancelled = after([placed, cancelAsked], { type: "cancel" });
  const report = delivered[2];
  if (report?.type !== "order.fulfilment-reported") throw new Error("expected a report");

  expect(
    refused(cancelled, {
      type: "report-fulfilment",
      report: { ...report.data, report: "approved", occurredAt: now },
    }),
  ).toBe("fulfilment-not-expected");
});
