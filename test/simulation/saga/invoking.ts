/**
 * The network of a schedule, and the saga's functions behind it.
 */
import { paymentTask } from "#contracts/saga";
import type { Json } from "#kernel/json";
import type { Rng } from "#kernel/rng";
import type { FaultSwarm } from "#simulation/faults";
import { type LambdaHost, lambdaHost } from "#simulation/lambda-host";
import { type CallTarget, type KillMoment, remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import {
  type FunctionAnswer,
  type FunctionsOptions,
  startFunction,
  TASK_TIMEOUT_MS,
  type TaskFunctionName,
} from "./functions.ts";
import type { Ledger } from "./ledger.ts";
import { providerWire } from "./provider-wire.ts";
import { type Inject, taskInvoker, type TasksOptions } from "./step-functions.ts";

export type Network = Pick<FunctionsOptions, "remote" | "providerWire">;

export type NetworkOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly kills: ((target: CallTarget, moment: KillMoment) => boolean) | undefined;
  readonly note: (who: string, what: string, about: unknown) => void;
};

const SKEW_MS_MAX = 60_000;

export function networkOf({ scheduler, swarm, rng, kills, note }: NetworkOptions): Network {
  const onTrouble = (process: { readonly name: string }, target: CallTarget, fault: string) =>
    note(process.name, `${fault} at ${target.port} of`, target.subject);
  const dies = (): boolean => {
    if (!swarm.fires("kill")) return false;
    swarm.happened("kill");
    return true;
  };
  const place = { scheduler, swarm, onTrouble };
  return {
    remote: remote({
      ...place,
      rng: rng.fork("remote"),
      ...(kills === undefined ? {} : { kills }),
    }),
    providerWire: providerWire({ ...place, rng: rng.fork("provider"), kills: kills ?? dies }),
  };
}

/** What a provider has refused to pay back may be refused on the order, and nothing else. */
export const tellingRefusals =
  (inject: Inject, ledger: Pick<Ledger, "refused">): Inject =>
  (call) => {
    const injected = inject(call);
    if (injected?.error === "PaymentRefused") {
      const task = paymentTask.parse(call.input);
      if (task.step === "refund") ledger.refused(task.orderId, task.refundId);
    }
    return injected;
  };

export function invokerOf(options: FunctionsOptions & Omit<TasksOptions, "hosts">) {
  const { scheduler, swarm, rng, inject, note } = options;
  const host = (name: TaskFunctionName): LambdaHost<Json, FunctionAnswer> =>
    lambdaHost<Json, FunctionAnswer>({
      scheduler,
      swarm,
      rng: rng.fork(name),
      timeoutMs: TASK_TIMEOUT_MS,
      skewMsMax: SKEW_MS_MAX,
      start: (process) => startFunction(name, process, options),
    });
  return taskInvoker({
    scheduler,
    swarm,
    rng: rng.fork("invocations"),
    hosts: {
      OrderTasks: host("OrderTasks"),
      StockTasks: host("StockTasks"),
      PaymentTasks: host("PaymentTasks"),
    },
    inject,
    note,
  });
}
