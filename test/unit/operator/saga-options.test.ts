// What `npm run saga` understands, and what it refuses before anything is asked.
import { expect, test } from "vitest";
import { sagaRequest } from "#contracts/operator";
import { sagaOptions } from "../../../bin/operator/saga-options.ts";

const ORDER = "0123456789ABCDEFGHJKMNPQRS";
const why = ["--reason", "the provider is back", "--author", "ada"];
const decided = { reason: "the provider is back", author: "ada" };

test.each([
  { args: ["list"], request: { action: "list", limit: 100 } },
  { args: ["list", "--limit", "7"], request: { action: "list", limit: 7 } },
  { args: ["show", ORDER], request: { action: "show", orderId: ORDER } },
  { args: ["retry", ORDER, ...why], request: { action: "retry", orderId: ORDER, ...decided } },
  {
    args: ["retry", ORDER, "--refund", "r1", ...why],
    request: { action: "retry", orderId: ORDER, refundId: "r1", ...decided },
  },
  {
    args: ["resolve", ORDER, "--confirmed", "pay-1", ...why],
    request: {
      action: "resolve",
      orderId: ORDER,
      ...decided,
      stated: { outcome: "confirmed", paymentId: "pay-1", reason: decided.reason },
    },
  },
  {
    args: ["resolve", ORDER, "--cancelled", "pay-1", ...why],
    request: {
      action: "resolve",
      orderId: ORDER,
      ...decided,
      stated: { outcome: "cancelled", paymentId: "pay-1", reason: decided.reason },
    },
  },
  {
    args: ["resolve", ORDER, "--rejected", "sorry", ...why],
    request: {
      action: "resolve",
      orderId: ORDER,
      ...decided,
      stated: {
        outcome: "rejected",
        rejection: { reason: "payment-failed", detail: "sorry" },
        reason: decided.reason,
      },
    },
  },
])("$args is a request that the function takes", ({ args, request }) => {
  const options = sagaOptions(args);

  expect(options.request).toEqual(request);
  expect(sagaRequest.parse(options.request)).toEqual(request);
});

test.each([
  { args: [], says: "list, show, retry or resolve" },
  { args: ["show"], says: "26 characters" },
  { args: ["show", "x"], says: "26 characters" },
  { args: ["show", ORDER, "y"], says: "One order" },
  { args: ["retry", ORDER], says: "--reason" },
  { args: ["resolve", ORDER, ...why], says: "either" },
  { args: ["resolve", ORDER, "--confirmed", "p", "--cancelled", "p", ...why], says: "either" },
  { args: ["list", "--refund", "r"], says: "--refund has no meaning" },
  { args: ["list", "--limit", "0"], says: "--limit" },
  { args: ["list", "--target", "gcp"], says: "--target" },
  { args: ["list", "--colour"], says: "--help" },
])("$args is refused with what is wrong", ({ args, says }) => {
  expect(() => sagaOptions(args)).toThrow(says);
});

test("help asks for nothing", () => {
  expect(sagaOptions(["--help"])).toEqual({ account: undefined });
});
