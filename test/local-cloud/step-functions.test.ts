/**
 * Repairs of state machines: what a saga's retries, callbacks and repeated starts rely on.
 */
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { probeBoth } from "../support/python-probe.ts";
import { createFunction, present } from "../support/small-functions.ts";
import { type CloudClients, useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

test("sfn_start_delay: an execution starts without a sleep", async () => {
  const { unrepaired, repaired } = await probeBoth("start_delay", "sfn_start_delay");

  expect(unrepaired).toEqual({ sleeps: 1, status: "SUCCEEDED" });
  expect(repaired).toEqual({ sleeps: 0, status: "SUCCEEDED" });
});

test("sfn_retry_limits: MaxDelaySeconds and JitterStrategy bound the pauses", async () => {
  const { unrepaired, repaired } = await probeBoth("retry_delays", "sfn_retry_limits");

  const growing = [1, 2, 4, 8, 16];
  expect(unrepaired).toEqual({ plain: growing, limited: growing, jittered: growing });
  expect(repaired).toMatchObject({ plain: growing, limited: [1, 2, 3, 3, 3] });
  const { jittered } = repaired as { readonly jittered: readonly number[] };
  expect(jittered).toHaveLength(5);
  for (const [index, limit] of [1, 2, 3, 3, 3].entries()) {
    expect(jittered[index]).toBeGreaterThanOrEqual(0);
    expect(jittered[index]).toBeLessThan(limit);
  }
});

test.concurrent("sfn_heartbeat: a silent task fails before its timeout", async () => {
  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const { execution } = await startWaiting(clients, "silent", {
      HeartbeatSeconds: 1,
      TimeoutSeconds: 3,
    });
    return await ended(clients, execution);
  });

  expect(unrepaired).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  expect(repaired).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
});

test.concurrent("sfn_heartbeat: a task lives on with its heartbeats", async () => {
  const clients = clouds.repaired();
  const { execution, queueUrl } = await startWaiting(clients, "beating", {
    HeartbeatSeconds: 2,
    TimeoutSeconds: 30,
  });
  const taskToken = await eventually(() => receive(clients, queueUrl));

  const heartbeats = 6;
  const beating = { sent: 0 };
  await eventually(
    async () => {
      await clients.stepFunctions.send(new SendTaskHeartbeatCommand({ taskToken }));
      beating.sent += 1;
      return beating.sent === heartbeats;
    },
    { everyMs: 500 },
  );
  await clients.stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: `"done"` }));

  expect(await ended(clients, execution)).toMatchObject({ status: "SUCCEEDED", output: `"done"` });
});

test.concurrent("sfn_callback_failure: a task fails with its function", async () => {
  const code = `
    class OutOfPaper extends Error { name = "OutOfPaper"; }
    exports.handler = async () => { throw new OutOfPaper("no more"); };`;

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    await createFunction(clients.lambda, { name: "answering", code });
    const execution = await start(clients, "callback", {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Parameters: { FunctionName: "answering", Payload: { "token.$": "$$.Task.Token" } },
      TimeoutSeconds: 2,
      End: true,
    });
    return await ended(clients, execution);
  });

  expect(unrepaired).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  expect(repaired).toMatchObject({ status: "FAILED", error: "OutOfPaper" });
});

test.concurrent("sfn_start_idempotent: a repeated start answers with the first", async () => {
  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const machine = await createMachine(clients, "repeated", {
      Type: "Wait",
      Seconds: 300,
      End: true,
    });
    const again = (input: string) => startNamed(clients, machine, "order-1", input);
    const first = await again(`{"total":1}`);
    return { first, same: await again(`{"total":1}`), other: await again(`{"total":2}`) };
  });

  expect(unrepaired).toMatchObject({
    same: "ExecutionAlreadyExists",
    other: "ExecutionAlreadyExists",
  });
  expect(repaired.first).toMatch(/^arn:.*:order-1$/);
  expect(repaired).toMatchObject({ same: repaired.first, other: "ExecutionAlreadyExists" });
});

test.concurrent("sfn_start_idempotent: the name of an ended one stays taken", async () => {
  const clients = clouds.repaired();
  const machine = await createMachine(clients, "ended", { Type: "Pass", End: true });

  const first = await startNamed(clients, machine, "order-1", "{}");
  await ended(clients, first);

  expect(await startNamed(clients, machine, "order-1", "{}")).toBe("ExecutionAlreadyExists");
});

/** The execution's ARN, or the name of the error that refused it. */
async function startNamed(
  { stepFunctions }: CloudClients,
  stateMachineArn: string,
  name: string,
  input: string,
): Promise<string> {
  try {
    const started = await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input }),
    );
    return present(started.executionArn, "executionArn");
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** An execution that puts its task's token into a queue and waits for the answer. */
async function startWaiting(
  clients: CloudClients,
  name: string,
  limits: { readonly HeartbeatSeconds: number; readonly TimeoutSeconds: number },
): Promise<{ readonly execution: string; readonly queueUrl: string }> {
  const made = await clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
  const queueUrl = present(made.QueueUrl, "QueueUrl");
  const execution = await start(clients, name, {
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    Parameters: { QueueUrl: queueUrl, "MessageBody.$": "$$.Task.Token" },
    ...limits,
    End: true,
  });
  return { execution, queueUrl };
}

async function receive({ sqs }: CloudClients, queueUrl: string): Promise<string | undefined> {
  const received = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }));
  return received.Messages?.[0]?.Body;
}

async function start(clients: CloudClients, name: string, onlyState: object): Promise<string> {
  const machine = await createMachine(clients, name, onlyState);
  return await startNamed(clients, machine, "only", "{}");
}

async function createMachine(
  { stepFunctions }: CloudClients,
  name: string,
  onlyState: object,
): Promise<string> {
  const made = await stepFunctions.send(
    new CreateStateMachineCommand({
      name,
      roleArn: "arn:aws:iam::000000000000:role/probe",
      definition: JSON.stringify({ StartAt: "Only", States: { Only: onlyState } }),
    }),
  );
  return present(made.stateMachineArn, "stateMachineArn");
}

function ended(
  { stepFunctions }: CloudClients,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput> {
  return eventually(async () => {
    const found = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return found.status !== "RUNNING" && found;
  });
}
