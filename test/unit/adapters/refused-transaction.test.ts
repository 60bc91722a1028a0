import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { isRefused, refusedConditions } from "#adapters/aws/dynamodb/refused-transaction";

test("failed conditions are told item by item", () => {
  const reasons = refusedConditions(canceled("None", "ConditionalCheckFailed", "None"));

  expect(reasons.map(isRefused)).toEqual([false, true, false]);
});

test.for(["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])(
  "with %s on one item a failed condition on another decides nothing",
  (code) => {
    const error = canceled(code, "ConditionalCheckFailed");

    expect(() => refusedConditions(error)).toThrow(
      expect.objectContaining({ code: "store-throttled", action: "retry" }),
    );
  },
);

test.for([canceled("ValidationError", "None"), canceled("None"), canceled()])(
  "a transaction that no condition refused is not called refused",
  (error) => {
    expect(() => refusedConditions(error)).toThrow(expect.objectContaining({ action: "retry" }));
  },
);

test("an answer that never came is not a refusal", () => {
  expect(() => refusedConditions(new Error("socket hang up"))).toThrow(
    expect.objectContaining({ code: "outcome-unknown", action: "retry" }),
  );
});

function canceled(...codes: readonly string[]): TransactionCanceledException {
  return new TransactionCanceledException({
    message: "Transaction cancelled",
    $metadata: {},
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}
