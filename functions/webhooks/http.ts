/**
 * The webhooks' HTTP function: which adapters its routes work with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoWebhookDeliveries } from "#adapters/aws/dynamodb/webhook-deliveries";
import { dynamoWebhookEndpoints } from "#adapters/aws/dynamodb/webhook-endpoints";
import { dynamoWebhookLanes } from "#adapters/aws/dynamodb/webhook-lanes";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { newWebhookSecret } from "#adapters/http/standard-webhooks";
import { refusedTarget } from "#adapters/http/webhook-target";
import { FencedPersistenceLayer } from "#adapters/powertools/fenced-persistence-layer";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { idempotencyMetrics } from "#runtime/idempotency-metrics";
import { keptAnswers } from "#runtime/kept-answers";
import { telemetry } from "#runtime/telemetry";
import { changeRoutes } from "./change-routes.ts";
import { deliveryRoutes } from "./delivery-routes.ts";
import { endpointRoutes } from "./endpoint-routes.ts";
import { targetRules } from "./target-rules.ts";

const environment = config(
  "WEBHOOKS_TABLE",
  "WEBHOOK_TARGETS",
  "IDEMPOTENCY_TABLE",
  "CURSOR_SECRET_ARN",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();
const webhooks = { client, table: environment.WEBHOOKS_TABLE };
const endpoints = dynamoWebhookEndpoints(webhooks);
const rules = targetRules(environment.WEBHOOK_TARGETS);

const managing = {
  endpoints,
  checkUrl: (url: string) => refusedTarget(url, rules),
  newSecret: newWebhookSecret,
};
const log = {
  endpoints,
  deliveries: dynamoWebhookDeliveries(webhooks),
  lanes: dynamoWebhookLanes(webhooks),
  cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
};

const tableName = environment.IDEMPOTENCY_TABLE;
const answers = new FencedPersistenceLayer({ tableName, awsSdkV3Client: client });

export const handler = httpFunction({
  service: SERVICES.webhooks,
  verifier: kmsTokenVerifier(environment),
  answers: keptAnswers(answers, idempotencyMetrics(telemetry(SERVICES.webhooks))),
  routes: [...endpointRoutes(managing), ...changeRoutes(managing), ...deliveryRoutes(log)],
});
