// The starter of sagas over memory and over Step Functions.
import { randomUUID } from "node:crypto";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import { sha256Crockford26 } from "#kernel/hash";
import { sagaRun } from "#services/orders/domain/runs";
import { localConnection } from "../support/connection.ts";
import { eventually } from "../support/eventually.ts";
import { sagaStarterContract } from "./saga-starter-contract.ts";

/** Fresh, of an order's form, its first letter saying how the run goes. */
const orderIdFor = (status: string): string =>
  `${status.charAt(0)}${sha256Crockford26(randomUUID()).slice(1)}`;

const statusOf = (orderId: string): string =>
  ({ R: "RUNNING", S: "SUCCEEDED", F: "FAILED" })[orderId.charAt(0)] ?? "RUNNING";

describe("in memory", () => {
  sagaStarterContract(() => {
    const starter = memorySagaStarter(statusOf);
    return {
      starter,
      orderId: orderIdFor,
      settled: async () => undefined,
      runs: async (orderId) => starter.started.filter((started) => started === orderId).length,
    };
  });
});

describe("over Step Functions", () => {
  const client = new SFNClient(localConnection());
  let sagaArn = "";

  beforeAll(async () => {
    const created = await client.send(
      new CreateStateMachineCommand({
        name: `saga-${randomUUID()}`,
        roleArn: "arn:aws:iam::000000000000:role/saga",
        definition: JSON.stringify(definition),
      }),
    );
    sagaArn = created.stateMachineArn ?? "";
  });

  afterAll(() => client.destroy());

  const executionArn = (orderId: string): string =>
    `${sagaArn.replace(":stateMachine:", ":execution:")}:${orderId}`;

  sagaStarterContract(() => ({
    starter: stepFunctionsSagaStarter({ client, machines: { order: sagaArn, refund: sagaArn } }),
    orderId: orderIdFor,
    settled: async (orderId) => {
      await eventually(async () => {
        const command = new DescribeExecutionCommand({ executionArn: executionArn(orderId) });
        return (await client.send(command)).status === statusOf(orderId);
      });
    },
    runs: async (orderId) => {
      const command = new ListExecutionsCommand({ stateMachineArn: sagaArn });
      const { executions = [] } = await client.send(command);
      return executions.filter(({ name }) => name === orderId).length;
    },
  }));

  test("a run gets the order's id and its own number, nothing else", async () => {
    const orderId = orderIdFor("SUCCEEDED");
    await stepFunctionsSagaStarter({ client, machines: { order: sagaArn, refund: sagaArn } }).start(
      sagaRun(orderId, 0),
    );

    const run = await client.send(
      new DescribeExecutionCommand({ executionArn: executionArn(orderId) }),
    );

    expect(JSON.parse(run.input ?? "")).toEqual({ orderId, run: 0 });
  });

  test("a saga that does not exist is an error that may pass", async () => {
    const starter = stepFunctionsSagaStarter({
      client,
      machines: { order: `${sagaArn}-gone`, refund: sagaArn },
    });

    await expect(starter.start(sagaRun(orderIdFor("RUNNING"), 0))).rejects.toMatchObject({
      code: "store-unavailable",
      action: "retry",
    });
  });
});

/** Waits, succeeds or fails as the first letter of the order's id says. */
const definition = {
  QueryLanguage: "JSONata",
  StartAt: "Which",
  States: {
    Which: {
      Type: "Choice",
      Choices: [
        {
          Condition: "{% $substring($states.input.orderId, 0, 1) = 'S' %}",
          Next: "Succeed",
        },
        { Condition: "{% $substring($states.input.orderId, 0, 1) = 'F' %}", Next: "Fail" },
      ],
      Default: "Wait",
    },
    Wait: { Type: "Wait", Seconds: 600, Next: "Succeed" },
    Succeed: { Type: "Succeed" },
    Fail: { Type: "Fail", Error: "Refused", Cause: "as asked" },
  },
};
