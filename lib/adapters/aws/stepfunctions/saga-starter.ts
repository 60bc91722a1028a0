/**
 * Starts an order's saga as an execution of a Standard workflow. The execution's name is the
 * order's id, so Step Functions itself keeps a second start from running.
 */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { Failure } from "#kernel/failure";
import type { SagaStart, SagaStarter } from "#services/orders/ports";

export type SagaStarterOptions = {
  readonly client: SFNClient;
  /** Of the state machine. */
  readonly sagaArn: string;
};

export const stepFunctionsSagaStarter = ({ client, sagaArn }: SagaStarterOptions): SagaStarter => ({
  async start(orderId) {
    try {
      return await startOnce(client, sagaArn, orderId);
    } catch (cause) {
      const message = `Step Functions could not start the saga of order ${orderId}`;
      throw new Failure("store-unavailable", "retry", message, { cause });
    }
  },
});

/**
 * A running execution with this name and input is answered like a fresh one; an ended one is
 * refused for 90 days.
 * Source: AWS Step Functions API Reference, StartExecution.
 */
async function startOnce(client: SFNClient, sagaArn: string, orderId: string): Promise<SagaStart> {
  try {
    await client.send(
      new StartExecutionCommand({
        stateMachineArn: sagaArn,
        name: orderId,
        input: JSON.stringify({ orderId }),
      }),
    );
    return { kind: "running" };
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    const executionArn = executionArnOf(sagaArn, orderId);
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === "RUNNING" || status === "SUCCEEDED"
      ? { kind: "running" }
      : { kind: "needs-attention", status: status ?? "unknown" };
  }
}

/**
 * The ARN of the saga's run of that name. Source: Service Authorization Reference, resource types
 * of AWS Step Functions.
 */
export const executionArnOf = (sagaArn: string, name: string): string =>
  `${sagaArn.replace(":stateMachine:", ":execution:")}:${name}`;
