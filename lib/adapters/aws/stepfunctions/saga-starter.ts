/**
 * Starts an order's runs as executions of Standard workflows. The execution's name is the run's, so
 * Step Functions itself keeps a second start from running.
 */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  type SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { Run, SagaStart, SagaStarter } from "#services/orders/ports";

export type SagaStarterOptions = {
  readonly client: SFNClient;
  /** ARNs of those that the function may start. */
  readonly machines: Readonly<Partial<Record<Run["machine"], string>>>;
};

export const stepFunctionsSagaStarter = ({
  client,
  machines,
}: SagaStarterOptions): SagaStarter => ({
  async start(run) {
    const machine = machines[run.machine];
    if (machine === undefined) {
      throw new Failure("misconfigured", "halt", `this function starts no ${run.machine} machine`);
    }
    try {
      return await startOnce(client, machine, run);
    } catch (cause) {
      const message = `Step Functions could not start ${run.name}`;
      throw new Failure("store-unavailable", "retry", message, { cause });
    }
  },
});

/**
 * A running execution with this name and input is answered like a fresh one, with its own start; an
 * ended one is refused for 90 days.
 * Source: AWS Step Functions API Reference, StartExecution.
 */
async function startOnce(
  client: SFNClient,
  stateMachineArn: string,
  { name, input }: Run,
): Promise<SagaStart> {
  try {
    const { startDate } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
    return { kind: "running", since: epochMs(startDate) };
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    const executionArn = executionArnOf(stateMachineArn, name);
    const found = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { status = "unknown", startDate } = found;
    if (status === "RUNNING") return { kind: "running", since: epochMs(startDate) };
    return status === "SUCCEEDED" ? { kind: "succeeded" } : { kind: "needs-attention", status };
  }
}

const epochMs = (date: Date | undefined): EpochMs => (date?.getTime() ?? 0) as EpochMs;

/** As a function is told of them. */
export const machinesOf = (told: { readonly SAGA_ARN: string; readonly REFUND_ARN: string }) => ({
  order: told.SAGA_ARN,
  refund: told.REFUND_ARN,
});

/**
 * The ARN of a machine's run of that name. Source: Service Authorization Reference, resource types
 * of AWS Step Functions.
 */
export const executionArnOf = (machineArn: string, name: string): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;
