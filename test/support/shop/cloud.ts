/**
 * What a test does behind the API: it operates the shop as its operator would, and looks into
 * tables and metrics.
 */
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { type AttributeValue, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { MetricName, ServiceName } from "#contracts/metrics";

export type Cloud = ReturnType<typeof openCloud>;

const HOUR_MS = 3_600_000;

export function openCloud(
  environment: Readonly<Record<string, string>>,
  /** Of the functions' own metrics. */
  metricNamespace: string,
) {
  const connection = {
    endpoint: environment["AWS_ENDPOINT_URL"] ?? "",
    region: environment["AWS_REGION"] ?? "us-east-1",
    credentials: {
      accessKeyId: environment["AWS_ACCESS_KEY_ID"] ?? "",
      secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "",
    },
  };
  const lambda = new LambdaClient(connection);
  const secrets = new SecretsManagerClient(connection);
  const dynamo = new DynamoDBClient(connection);
  const cloudWatch = new CloudWatchClient(connection);

  return {
    connection,

    async invoke(functionName: string, payload: unknown): Promise<unknown> {
      const Payload = Buffer.from(JSON.stringify(payload));
      const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
      const text = Buffer.from(answer.Payload ?? []).toString("utf8");
      if (answer.FunctionError !== undefined) throw new Error(`${functionName}: ${text}`);
      return JSON.parse(text);
    },

    async secret(arn: string): Promise<string> {
      const answer = await secrets.send(new GetSecretValueCommand({ SecretId: arn }));
      return answer.SecretString ?? "";
    },

    async items(table: string): Promise<Record<string, unknown>[]> {
      const found: Record<string, unknown>[] = [];
      let from: Record<string, AttributeValue> | undefined;
      do {
        const page = await dynamo.send(
          new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }),
        );
        found.push(...(page.Items ?? []).map((item) => unmarshall(item)));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },

    async metricSum(name: MetricName, service: ServiceName): Promise<number> {
      const now = Date.now();
      const { Datapoints } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: metricNamespace,
          MetricName: name,
          Dimensions: [{ Name: "service", Value: service }],
          StartTime: new Date(now - HOUR_MS),
          EndTime: new Date(now + HOUR_MS),
          Period: 2 * (HOUR_MS / 1000),
          Statistics: ["Sum"],
        }),
      );
      return (Datapoints ?? []).reduce((sum, { Sum }) => sum + (Sum ?? 0), 0);
    },
  };
}
