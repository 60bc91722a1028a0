/**
 * Everything that goes wrong around the shop's sagas, and how often.
 */
import { HOST_FAULTS } from "#simulation/lambda-host";
import { REMOTE_FAULTS } from "#simulation/remote";
import { OPERATOR_FAULTS } from "./operator.ts";
import { OUTBOX_FAULTS } from "./outbox.ts";
import { PROVIDER_FAULTS } from "./provider-wire.ts";
import { INVOCATION_FAULTS } from "./step-functions.ts";

export const SAGA_FAULTS = {
  ...REMOTE_FAULTS,
  ...HOST_FAULTS,
  ...PROVIDER_FAULTS,
  ...INVOCATION_FAULTS,
  ...OUTBOX_FAULTS,
  ...OPERATOR_FAULTS,
};
