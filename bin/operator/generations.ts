/**
 * The projections of orders' events, made anew in generations: their tables, the functions that
 * replay into them, and what is told meanwhile.
 */
import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { dynamoGenerations } from "#adapters/aws/dynamodb/generation-store";
import { dynamoLeftovers } from "#adapters/aws/dynamodb/leftovers";
import { orderListGeneration } from "#adapters/aws/dynamodb/order-list";
import { recommendationsGeneration } from "#adapters/aws/dynamodb/recommendations";
import { dynamoStreamWalk } from "#adapters/aws/dynamodb/stream-walk";
import { REPLAY_MAX, replayAnswer, type ReplayRequest } from "#contracts/operator";
import type { OutputName } from "#contracts/outputs";
import type { ItemKey } from "#contracts/projection";
import { systemClock } from "#kernel/clock";
import { type DurationMs, seconds } from "#kernel/units";
import {
  abandonRebuild,
  type RebuildPorts,
  type RebuildProgress,
  rebuildProjection,
} from "#lambda/projection/rebuild";
import type { Attached } from "./attach.ts";
import { connection } from "./connection.ts";
import { invoke } from "./load.ts";
import type { Phases } from "./progress.ts";

export type OrderProjection = {
  /** For a person. */
  readonly name: string;
  readonly table: OutputName;
  /** Replays into it. */
  readonly function: OutputName;
  readonly generationOf: (key: ItemKey) => number | undefined;
};

export const ORDER_LIST: OrderProjection = {
  name: "The order list",
  table: "OrderListTable",
  function: "OrderListFunction",
  generationOf: orderListGeneration,
};

export const RECOMMENDATIONS: OrderProjection = {
  name: "The index of recommendations",
  table: "RecommendationsTable",
  function: "RecommendationsFunction",
  generationOf: recommendationsGeneration,
};

/** Quotas, AWS Lambda Developer Guide. */
const LAMBDA_SECONDS_MAX = 900;

/** Answers what it did, for a person. Throws `Failure` as `rebuildProjection`. */
export async function rebuildGeneration(
  projection: OrderProjection,
  attached: Attached,
  phases: Phases,
): Promise<string> {
  const ports = await portsOf(projection, attached, phases);
  const { generation, streams, isContinued } = await rebuildProjection(ports);
  return (
    `${projection.name} was made anew${isContinued ? ", where it had been stopped," : ""} from ` +
    `${streams} orders: generation ${generation} is read now`
  );
}

/** The same of giving up what an earlier call has begun, or removing what it has left. */
export async function abandonGeneration(
  projection: OrderProjection,
  attached: Attached,
  phases: Phases,
): Promise<string> {
  const given = await abandonRebuild(await portsOf(projection, attached, phases));
  return given
    ? `${projection.name}: what was built and is not read is given up and removed`
    : `${projection.name}: nothing is being built, and nothing is left over`;
}

async function portsOf(
  projection: OrderProjection,
  { target, outputs }: Attached,
  phases: Phases,
): Promise<RebuildPorts> {
  const settings = { ...connection(target), maxAttempts: 5 };
  const client = new DynamoDBClient(settings);
  const lambda = new LambdaClient(settings);
  const place = { client, table: outputs[projection.table] };
  const [items, callMsMax] = await Promise.all([
    sizeOf(client, outputs.OrdersTable),
    timeoutOf(lambda, outputs[projection.function]),
  ]);
  return {
    generations: dynamoGenerations(place),
    walk: dynamoStreamWalk({ client, table: outputs.OrdersTable }),
    leftovers: dynamoLeftovers({ ...place, generationOf: projection.generationOf }),
    async replay(generation, streams) {
      const request: ReplayRequest = { replay: { generation, streams: [...streams] } };
      return replayAnswer.parse(await invoke(lambda, outputs[projection.function], request));
    },
    streamsAtOnce: REPLAY_MAX,
    callMsMax,
    clock: systemClock,
    tell: teller(phases, items),
  };
}

/** @param items that the walk will look at, as far as is known */
function teller(phases: Phases, items: number): RebuildPorts["tell"] {
  let phase = "";
  let told: (fraction: number, label?: string) => void = () => {};
  return (progress: RebuildProgress) => {
    if (progress.phase !== phase) {
      phase = progress.phase;
      told = phases.begin(phase);
    }
    if (progress.phase !== "replaying") return;
    const { looked, streams } = progress;
    told(looked / Math.max(looked, items), `${streams} orders`);
  };
}

/** As it is deployed. */
async function timeoutOf(lambda: LambdaClient, name: string): Promise<DurationMs> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: name });
  const { Timeout } = await lambda.send(command);
  return seconds(Timeout ?? LAMBDA_SECONDS_MAX);
}

/** DynamoDB counts every six hours: good enough for a bar. */
export async function sizeOf(client: DynamoDBClient, table: string): Promise<number> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  return Table?.ItemCount ?? 0;
}
