/**
 * The production function behind the queue of placed orders, its production adapter included: it
 * starts an execution for each.
 */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import type { memoryHeadStore } from "#adapters/memory/head-store";
import type { Json } from "#kernel/json";
import { seconds } from "#kernel/units";
import { type DeadLetters, type HeadStore, orderedConsumer, type QueueRecord } from "#messaging";
import type { OrderStore, Run, SagaStarter } from "#services/orders/ports";
import { sagaStartHandler } from "#services/orders/usecases/start-sagas";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Executions } from "#simulation/state-machine/executions";
import { farOrders } from "./far-stores.ts";

export type SagaStartOptions = {
  readonly remote: Remote;
  readonly machines: Machines;
  readonly orders: OrderStore;
  readonly heads: ReturnType<typeof memoryHeadStore>;
  readonly deadLetters: DeadLetters;
  readonly newId: () => string;
  readonly reach: (branch: string) => void;
};

/** As the shop's own function. */
const LEASE = seconds(11);
const ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:";

/** The executions of each machine. */
export type Machines = Readonly<Record<Run["machine"], Executions>>;

export const starterOf = (client: SFNClient): SagaStarter =>
  stepFunctionsSagaStarter({ client, machines: { order: `${ARN}order`, refund: `${ARN}refund` } });

/** A cold start. */
export function sagaStart(process: SimulatedProcess, options: SagaStartOptions) {
  const { remote, machines, orders, heads, deadLetters, newId, reach } = options;
  const starter = starterOf(simulatedClient(process, remote, machines));
  const store = farOrders(process, remote, orders);
  const tell = (_orderId: string, { kind }: { readonly kind: string }) => reach(`start-${kind}`);
  const consumer = orderedConsumer({
    handler: sagaStartHandler({ starter, store, tell, clock: process.clock }, LEASE),
    heads: farHeads(process, remote, heads),
    deadLetters,
    clock: process.clock,
    newId,
  });
  return async ({ batch, remainingMs, near }: Invocation<readonly QueueRecord[]>) =>
    (await consumer.consume(batch, { remainingMs, near })).notDurable;
}

const farHeads = (
  process: SimulatedProcess,
  remote: Remote,
  near: ReturnType<typeof memoryHeadStore>,
): HeadStore => ({
  ...(near as unknown as HeadStore),
  read: (stream) =>
    remote.call(process, { port: "heads.read", subject: stream, kind: "read" }, () =>
      near.read(stream),
    ),
  commit: (commit) =>
    remote.call(process, { port: "heads.commit", subject: commit.head.stream, kind: "write" }, () =>
      near.commit(commit),
    ),
});

export function simulatedClient(
  process: SimulatedProcess,
  remote: Remote,
  machines: Machines,
): SFNClient {
  const behind = (arn = ""): Executions =>
    arn.includes(":refund") ? machines.refund : machines.order;
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof SendTaskSuccessCommand) {
      const { taskToken = "" } = command.input;
      const target = { port: "states.callback", subject: taskToken, kind: "write" } as const;
      return remote.call(process, target, async () => {
        if (machines.order.callBack(taskToken, {})) return {};
        throw new TaskTimedOut({ message: "nobody waits", $metadata: {} });
      });
    }
    if (command instanceof StartExecutionCommand) {
      const { name = "", input = "{}", stateMachineArn } = command.input;
      const executions = behind(stateMachineArn);
      const target = { port: "states.start", subject: name, kind: "write" } as const;
      return remote.call(process, target, async () => {
        if (executions.start(name, JSON.parse(input) as Json) === "started") {
          return { startDate: new Date(executions.startedAt(name)) };
        }
        throw new ExecutionAlreadyExists({ message: `${name} exists`, $metadata: {} });
      });
    }
    if (command instanceof DescribeExecutionCommand) {
      const { executionArn = "" } = command.input;
      const name = executionArn.split(":").at(-1) ?? "";
      const executions = behind(executionArn);
      const target = { port: "states.describe", subject: name, kind: "read" } as const;
      return remote.call(process, target, async () => ({
        status: executions.status(name),
        startDate: new Date(executions.startedAt(name)),
      }));
    }
    return Promise.reject(new Error("no such command of Step Functions is simulated"));
  };
  return { send } as unknown as SFNClient;
}
