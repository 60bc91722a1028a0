/**
 * The same probe against two local clouds, one without any repair and one with all: what shows
 * that a repair mends a fault that is really there.
 */
import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { type LocalCloud, startLocalCloud } from "../../local-cloud/start.ts";

export type CloudClients = {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly dynamoDb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly stepFunctions: SFNClient;
};

export type BothAnswers<T> = { readonly unrepaired: T; readonly repaired: T };

export type TwoClouds = {
  /** Runs the probe against both at once. */
  both<T>(probe: (clients: CloudClients) => Promise<T>): Promise<BothAnswers<T>>;
  /** The repaired one, for what must not break. */
  repaired(): CloudClients;
};

/** Starts the two before the first test of the file and stops them after the last. */
export function useTwoClouds(): TwoClouds {
  let unrepaired: Running | undefined;
  let repaired: Running | undefined;
  beforeAll(async () => {
    const started = await Promise.allSettled([
      startLocalCloud({ repairsOff: "all" }),
      startLocalCloud(),
    ]);
    [unrepaired, repaired] = started.map((result) =>
      result.status === "fulfilled" ? running(result.value) : undefined,
    );
    for (const result of started) if (result.status === "rejected") throw result.reason;
  });
  afterAll(async () => {
    await Promise.all([unrepaired?.cloud.stop(), repaired?.cloud.stop()]);
  });
  return {
    async both(probe) {
      const [without, withAll] = await Promise.all([
        probe(clientsOf(unrepaired)),
        probe(clientsOf(repaired)),
      ]);
      return { unrepaired: without, repaired: withAll };
    },
    repaired: () => clientsOf(repaired),
  };
}

type Running = { readonly cloud: LocalCloud; readonly clients: CloudClients };

function running(cloud: LocalCloud): Running {
  const settings = {
    endpoint: cloud.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  return {
    cloud,
    clients: {
      cloudFormation: new CloudFormationClient(settings),
      cloudWatch: new CloudWatchClient(settings),
      dynamoDb: new DynamoDBClient(settings),
      lambda: new LambdaClient(settings),
      sqs: new SQSClient(settings),
      stepFunctions: new SFNClient(settings),
    },
  };
}

function clientsOf(one: Running | undefined): CloudClients {
  if (one === undefined) throw new Error("The local clouds run only while the tests do.");
  return one.clients;
}
