/**
 * The order saga as it ships, under every fault.
 */
import type { Scenario } from "#simulation/scenario";
import { SAGA_FAULTS } from "./faults.ts";
import type { SagaPlant } from "./plant.ts";
import { runSagas } from "./world.ts";

/** Each has to be reached again and again, else a run says little. */
const BRANCHES = [
  "confirmed",
  "rejected-out-of-stock",
  "rejected-payment-declined",
  "rejected-payment-failed",
  "rejected-hold-expired",
  "rejected-review-declined",
  "review-approved",
  "review-declined",
  "review-expired",
  "callback-woken",
  "callback-gone",
  "cancelled",
  "cancel-requested",
  "shipment-created",
  "refunded",
  "refund-done",
  "refund-refund-exceeds-payment",
  "refund-state-Cancel",
  "filed-failed",
  "filed-late",
  "repair-done",
  "start-postponed",
  "watchdog-done",
  "watchdog-late",
  "payment-authorised",
  "payment-captured",
  "payment-declined",
  "payment-voided",
  "reserved",
  "already-reserved",
  "out-of-stock",
  "released",
  "looked-up",
  "needs-attention",
  "repaired",
  "start-running",
  "start-needs-attention",
  "state-NotOpen",
  "start-succeeded",
  "caught-Begin-FileAttention",
  "caught-Begin-Void",
  "caught-Reserve-FileAttention",
  "caught-Reserve-Release",
  "caught-Authorise-Void",
  "caught-Capture-Void",
  "caught-CreateShipment-Review",
  "caught-CreateShipment-Void",
  "caught-Review-CreateShipment",
  "caught-CommitHold-Void",
  "caught-Confirm-PayBack",
  "caught-Void-FileAttention",
  "failed-OrderNotOpen",
  "failed-PaymentDeclined",
  "retried-OutcomePending",
  "retried-Transient",
  "retried-States.Timeout",
  "retried-Sandbox.Timedout",
  "retried-Runtime.ExitError",
  "retried-Lambda.Unknown",
  "retried-Lambda.TooManyRequestsException",
  "timed-out-States.Timeout",
  "split-behind",
  "relay-retried",
  "relayed-again",
  "relayed-early",
  "heard-again",
  "heard-behind",
] as const;

export const sagaScenario: Scenario = sagaScenarioWith("saga");

/** @param plant something wrong in the place of something right, made for each schedule. */
export function sagaScenarioWith(name: string, plant?: () => SagaPlant): Scenario {
  return {
    name,
    faults: Object.keys(SAGA_FAULTS),
    branches: BRANCHES,
    run: (schedule) => runSagas({ schedule, ...(plant === undefined ? {} : { plant: plant() }) }),
  };
}
