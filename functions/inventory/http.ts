/**
 * The inventory's HTTP function: which adapters its routes work with.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { FencedPersistenceLayer } from "#adapters/powertools/fenced-persistence-layer";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { keptAnswers } from "#runtime/kept-answers";
import { openStock } from "./open-stock.ts";
import { stockRoutes } from "./routes.ts";

const environment = config(
  "STOCK_TABLE",
  "IDEMPOTENCY_TABLE",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();

export const handler = httpFunction({
  service: SERVICES.inventory,
  verifier: kmsTokenVerifier(environment),
  answers: keptAnswers(
    new FencedPersistenceLayer({
      tableName: environment.IDEMPOTENCY_TABLE,
      awsSdkV3Client: client,
    }),
  ),
  routes: stockRoutes(openStock(environment.STOCK_TABLE)),
});
