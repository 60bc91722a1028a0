// What customers are told of an order: nothing of who decided and why, but what was said to them.
import { expect, test } from "vitest";
import { orderEventSchemas } from "#contracts/events/order-events";
import { toldData } from "#contracts/events/told-events";

const by = { author: "ada", reason: "looks like fraud" };

test.each([
  ["order.review-decided", { decision: "declined", ...by }, { decision: "declined" }],
  ["order.repaired", { run: 1, action: "retry", ...by }, { run: 1, action: "retry" }],
  ["order.refund-requested", { refundId: "r", amount: 5, ...by }, { refundId: "r", amount: 5 }],
  ["order.return-received", { returnId: "t", ...by }, { returnId: "t" }],
  ["order.needs-attention", { run: 0, kind: "failed", cause: "x" }, { run: 0, kind: "failed" }],
  ["order.cancel-requested", by, { reason: by.reason }],
  ["order.return-requested", { returnId: "t", ...by }, { returnId: "t", reason: by.reason }],
  ["order.rejected", { reason: "out-of-stock", detail: "d" }, undefined],
  ["order.rejected", { reason: "out-of-stock", detail: "d", short: [] }, undefined],
  ["order.confirmed", { paymentId: "p" }, undefined],
])("%s", (type, data, told) => {
  expect(toldData(type, data)).toEqual(told ?? data);
});

test("no event tells a customer who decided", () => {
  for (const type of Object.keys(orderEventSchemas)) {
    expect(toldData(type, { ...by, lines: [] })).not.toHaveProperty("author");
  }
});
