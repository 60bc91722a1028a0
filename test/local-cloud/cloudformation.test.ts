/**
 * Repairs of templates: properties of tables and functions that MiniStack reads over.
 */
import {
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { GetFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type CloudClients, useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

const key = {
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  BillingMode: "PAY_PER_REQUEST",
};
const recovery = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };
const timeToLive = { TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true } };

test("cfn_table_settings: a table expires and restores as its template says", async () => {
  const template = {
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: { TableName: "plain", ...key, ...timeToLive, ...recovery },
    },
    Global: {
      Type: "AWS::DynamoDB::GlobalTable",
      Properties: {
        TableName: "global",
        ...key,
        ...timeToLive,
        Replicas: [{ Region: "us-east-1", ...recovery }],
      },
    },
  };

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    await deploy(clients, "tables", template);
    return [await settingsOf(clients, "plain"), await settingsOf(clients, "global")];
  });

  const off = { timeToLive: "DISABLED", recovery: "DISABLED" };
  const on = { timeToLive: "ENABLED", recovery: "ENABLED", attribute: "expiresAt" };
  expect(unrepaired).toEqual([off, off]);
  expect(repaired).toEqual([on, on]);
});

test("cfn_table_settings: an update that takes a setting back takes effect too", async () => {
  const clients = clouds.repaired();
  const table = (settings: object) => ({
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: { TableName: "changing", ...key, ...settings },
    },
  });

  await deploy(clients, "changing", table(timeToLive));
  const before = await settingsOf(clients, "changing");
  await deploy(clients, "changing", table(recovery));
  const after = await settingsOf(clients, "changing");

  expect(before).toMatchObject({ timeToLive: "ENABLED", recovery: "DISABLED" });
  expect(after).toMatchObject({ timeToLive: "DISABLED", recovery: "ENABLED" });
});

test("cfn_reserved_concurrency: a function reserves what its template says", async () => {
  const withConcurrency = (settings: object) => ({
    Function: {
      Type: "AWS::Lambda::Function",
      Properties: {
        FunctionName: "reserved",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: "arn:aws:iam::000000000000:role/probe",
        Code: { ZipFile: "exports.handler = async () => 1;" },
        ...settings,
      },
    },
  });

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const seen: (number | undefined)[] = [];
    for (const settings of [
      { ReservedConcurrentExecutions: 3 },
      { ReservedConcurrentExecutions: 1 },
      { MemorySize: 256 },
    ]) {
      await deploy(clients, "functions", withConcurrency(settings));
      seen.push(await reservedOf(clients, "reserved"));
    }
    return seen;
  });

  expect(unrepaired).toEqual([undefined, undefined, undefined]);
  expect(repaired).toEqual([3, 1, undefined]);
});

/** Creates the stack, or updates it when it is there, and waits for its end. */
async function deploy(
  { cloudFormation }: CloudClients,
  StackName: string,
  Resources: object,
): Promise<void> {
  const TemplateBody = JSON.stringify({ Resources });
  const exists = await cloudFormation.send(new DescribeStacksCommand({ StackName })).then(
    () => true,
    () => false,
  );
  const wanted = { StackName, TemplateBody };
  if (exists) await cloudFormation.send(new UpdateStackCommand(wanted));
  else await cloudFormation.send(new CreateStackCommand(wanted));
  const done = exists ? "UPDATE_COMPLETE" : "CREATE_COMPLETE";
  await eventually(async () => {
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    expect(Stacks?.[0]?.StackStatus).toBe(done);
    return true;
  });
}

type TableSettings = {
  readonly timeToLive: string | undefined;
  readonly attribute: string | undefined;
  readonly recovery: string | undefined;
};

async function settingsOf({ dynamoDb }: CloudClients, TableName: string): Promise<TableSettings> {
  const ttl = await dynamoDb.send(new DescribeTimeToLiveCommand({ TableName }));
  const backups = await dynamoDb.send(new DescribeContinuousBackupsCommand({ TableName }));
  const { PointInTimeRecoveryDescription } = backups.ContinuousBackupsDescription ?? {};
  return {
    timeToLive: ttl.TimeToLiveDescription?.TimeToLiveStatus,
    attribute: ttl.TimeToLiveDescription?.AttributeName,
    recovery: PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus,
  };
}

async function reservedOf(
  { lambda }: CloudClients,
  FunctionName: string,
): Promise<number | undefined> {
  const found = await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }));
  return found.ReservedConcurrentExecutions;
}
