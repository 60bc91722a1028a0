/**
 * The order saga as it ships, deployed to the local cloud with one function behind all of its
 * tasks that does as the test tells it, call by call: what each way through the saga does is seen
 * without any service.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, inject } from "vitest";
import { z } from "zod";
import { ORDER_REVIEW, orderTask, paymentTask, stockTask } from "#contracts/saga";
import { eventually } from "./eventually.ts";
import { sagaText } from "./saga-definition.ts";
import { createFunction, present } from "./small-functions.ts";

/** What a task was given; anything that the contracts do not allow fails the test. */
export const taskInput = z.union([orderTask, stockTask, paymentTask]);
export type TaskInput = z.infer<typeof taskInput>;

/** What a call ends with: an answer, or an error of that name. */
export type Outcome =
  | { readonly answer: unknown }
  /** The waiting state is called back. */
  | { readonly callBack: true }
  | { readonly error: string; readonly message?: string };

/**
 * By step, call after call; when they are used up, and for steps that are not named, all goes
 * well.
 */
export type Script = { readonly [Step in TaskInput["step"]]?: readonly Outcome[] };

export type Run = {
  readonly status: DescribeExecutionCommandOutput["status"];
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly states: readonly string[];
  readonly calls: readonly TaskInput[];
};

export type ScriptedSaga = { run(orderId: string, script: Script): Promise<Run> };

/** The code of the function: it asks the test what to do. */
const asksTheTest = `
  exports.handler = async (event) => {
    const body = JSON.stringify(event);
    const response = await fetch(process.env.SCRIPT_URL, { method: "POST", body });
    const outcome = await response.json();
    if (outcome.error === undefined) return outcome.answer;
    const error = new Error(outcome.message ?? "as the script says");
    error.name = outcome.error;
    throw error;
  };
`;

/** Lives until the last test of the file has ended. */
export async function deployScriptedSaga(): Promise<ScriptedSaga> {
  const director = await openDirector((taskToken) =>
    stepFunctions.send(new SendTaskSuccessCommand({ taskToken, output: "{}" })),
  );
  const settings = {
    endpoint: inject("localCloud").endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const stepFunctions = new SFNClient(settings);
  const functionArn = await createFunction(new LambdaClient(settings), {
    name: "scripted-task",
    code: asksTheTest,
    environment: { SCRIPT_URL: director.url },
  });
  const { stateMachineArn } = await stepFunctions.send(
    new CreateStateMachineCommand({
      name: "scripted-saga",
      roleArn: "arn:aws:iam::000000000000:role/scripted",
      definition: sagaText
        .replaceAll(/\$\{\w+\}/g, functionArn)
        .replaceAll(`"TimeoutSeconds": ${ORDER_REVIEW.waitSeconds}`, '"TimeoutSeconds": 2'),
    }),
  );

  return {
    async run(orderId, script) {
      director.scripts.set(orderId, script);
      const { executionArn } = await stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn,
          name: orderId,
          input: JSON.stringify({ orderId, run: 0 }),
        }),
      );
      const ended = await eventually(
        async () => {
          const found = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
          return found.status === "RUNNING" ? undefined : found;
        },
        { withinMs: 50_000 },
      );
      return {
        status: ended.status,
        error: ended.error,
        cause: ended.cause,
        states: await statesOf(stepFunctions, present(executionArn, "executionArn")),
        calls: director.calls.filter((call) => call.orderId === orderId),
      };
    },
  };
}

async function statesOf(
  stepFunctions: SFNClient,
  executionArn: string,
): Promise<readonly string[]> {
  const { events = [] } = await stepFunctions.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }),
  );
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}

type Director = {
  readonly url: string;
  /** By order. */
  readonly scripts: Map<string, Script>;
  readonly calls: readonly TaskInput[];
};

async function openDirector(callBack: (token: string) => Promise<unknown>): Promise<Director> {
  const scripts = new Map<string, Script>();
  const calls: TaskInput[] = [];
  const direct = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const input = taskInput.safeParse(await jsonOf(request));
    if (!input.success) {
      response.end(JSON.stringify({ error: "BreaksTheContract", message: input.error.message }));
      return;
    }
    const { orderId, step } = input.data;
    const earlier = calls.filter((call) => call.orderId === orderId && call.step === step);
    calls.push(input.data);
    const scripted = scripts.get(orderId)?.[step]?.[earlier.length];
    if (scripted !== undefined && "callBack" in scripted && input.data.step === "review") {
      await callBack(input.data.token);
    }
    response.end(JSON.stringify(scripted ?? { answer: usualAnswer(input.data) }));
  };
  const server = createServer((request, response) => void direct(request, response));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, scripts, calls };
}

function usualAnswer({ orderId, step }: TaskInput): unknown {
  switch (step) {
    case "begin":
      return { orderId, lines: [{ sku: "chair", quantity: 2 }], amount: 1000, currency: "BRL" };
    case "authorise":
    case "capture":
    case "refund":
      return { paymentId: "pay-1" };
    case "reserve":
    case "release":
    case "commit":
    case "ship":
    case "void":
    case "confirm":
    case "reject":
    case "shipment":
    case "review":
    case "refunded":
    case "refuse-refund":
    case "attention":
      return { orderId };
    default:
      return step satisfies never;
  }
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
}
