/**
 * The production function behind the queue of placed orders, its production adapter included: it
 * starts an execution for each.
 */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import type { memoryHeadStore } from "#adapters/memory/head-store";
import type { Json } from "#kernel/json";
import { seconds } from "#kernel/units";
import { type DeadLetters, type HeadStore, orderedConsumer, type QueueRecord } from "#messaging";
import { sagaStartHandler } from "#services/orders/usecases/start-sagas";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Executions } from "#simulation/state-machine/executions";

export type SagaStartOptions = {
  readonly remote: Remote;
  readonly executions: Executions;
  readonly heads: ReturnType<typeof memoryHeadStore>;
  readonly deadLetters: DeadLetters;
  readonly newId: () => string;
  readonly reach: (branch: string) => void;
};

/** As the shop's own function. */
const LEASE = seconds(11);
const SAGA_ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:order-saga";

/** A cold start. */
export function sagaStart(process: SimulatedProcess, options: SagaStartOptions) {
  const { remote, executions, heads, deadLetters, newId, reach } = options;
  const client = simulatedClient(process, remote, executions);
  const starter = stepFunctionsSagaStarter({ client, sagaArn: SAGA_ARN });
  const tell = (_orderId: string, { kind }: { readonly kind: string }) => reach(`start-${kind}`);
  const consumer = orderedConsumer({
    handler: sagaStartHandler({ starter, tell }, LEASE),
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

function simulatedClient(
  process: SimulatedProcess,
  remote: Remote,
  executions: Executions,
): SFNClient {
  const send = (command: unknown): Promise<unknown> => {
    if (command instanceof StartExecutionCommand) {
      const { name = "", input = "{}" } = command.input;
      const target = { port: "states.start", subject: name, kind: "write" } as const;
      return remote.call(process, target, async () => {
        if (executions.start(name, JSON.parse(input) as Json) === "started") return {};
        throw new ExecutionAlreadyExists({ message: `${name} exists`, $metadata: {} });
      });
    }
    if (command instanceof DescribeExecutionCommand) {
      const name = (command.input.executionArn ?? "").split(":").at(-1) ?? "";
      const target = { port: "states.describe", subject: name, kind: "read" } as const;
      return remote.call(process, target, async () => ({ status: executions.status(name) }));
    }
    return Promise.reject(new Error("no such command of Step Functions is simulated"));
  };
  return { send } as unknown as SFNClient;
}
