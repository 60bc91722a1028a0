/**
 * The state machines' names, and which functions start their runs. Machines are known to these by
 * name: one of them is called by its machine, so neither could be made first.
 */
import type { Construct } from "constructs";
import { acknowledge } from "../constructs/acknowledge.ts";
import { callsBack, type Need, startsSaga } from "../constructs/need.ts";
import { executionsArn, executionsPattern, machineArn } from "../constructs/saga.ts";
import type { ApplicationFunction } from "../functions.ts";

/** By what a function is told its ARN as: its definition's, and the end of its physical name. */
export const MACHINES = { SAGA_ARN: "order-saga", REFUND_ARN: "order-refund" } as const;

export type MachineKey = keyof typeof MACHINES;

const ALL: readonly MachineKey[] = ["SAGA_ARN", "REFUND_ARN"];

/** These start runs, and look at those of that name. */
const STARTING: { readonly [Name in ApplicationFunction]?: readonly MachineKey[] } = {
  "orders/start-saga": ALL,
  "orders/http": ALL,
  "orders/sagas": ALL,
  "orders/tasks": ["REFUND_ARN"],
};

/** These tell a waiting run that its order has changed. */
const CALLING_BACK: readonly ApplicationFunction[] = ["orders/http", "orders/sagas"];

/** @param prefix of every physical name of the stage */
export const machineName = (prefix: string, key: MachineKey): string =>
  `${prefix}-${MACHINES[key]}`;

export function toStartRuns(
  scope: Construct,
  prefix: string,
  name: ApplicationFunction,
): readonly Need[] {
  const arn = (key: MachineKey): string => machineArn(scope, machineName(prefix, key));
  const started = (STARTING[name] ?? []).map((key) =>
    startsSaga({
      key,
      machineArn: arn(key),
      executionsArn: executionsArn(scope, machineName(prefix, key)),
    }),
  );
  return CALLING_BACK.includes(name) ? [...started, callsBack(arn("SAGA_ARN"))] : started;
}

export function acknowledgeRuns(role: Construct, prefix: string, name: ApplicationFunction): void {
  const reason = "A run is named after its order: it is looked at under any name, of this machine.";
  for (const key of STARTING[name] ?? []) {
    const pattern = executionsPattern(machineName(prefix, key));
    acknowledge(role, { [`AwsSolutions-IAM5[Resource::${pattern}]`]: reason });
  }
}
