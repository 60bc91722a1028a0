/**
 * The inventory's HTTP function: which adapters its routes work with.
 */
import { dynamoAdjustmentLog } from "#adapters/aws/dynamodb/adjustment-log";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { kmsTokenVerifier } from "#adapters/aws/kms/token-verifier";
import { secretText } from "#adapters/aws/secrets";
import { signedCursors } from "#adapters/http/signed-cursor";
import { FencedPersistenceLayer } from "#adapters/powertools/fenced-persistence-layer";
import { SERVICES } from "#contracts/metrics";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { idempotencyMetrics } from "#runtime/idempotency-metrics";
import { keptAnswers } from "#runtime/kept-answers";
import { telemetry } from "#runtime/telemetry";
import { openStock } from "./open-stock.ts";
import { reservationRoutes } from "./reservation-routes.ts";
import { stockRoutes } from "./routes.ts";

const environment = config(
  "STOCK_TABLE",
  "CURSOR_SECRET_ARN",
  "IDEMPOTENCY_TABLE",
  "TOKEN_KEY_IDS",
  "TOKEN_ISSUER",
  "TOKEN_AUDIENCE",
);
const client = dynamoClient();
const open = openStock(environment.STOCK_TABLE);

export const handler = httpFunction({
  service: SERVICES.inventory,
  verifier: kmsTokenVerifier(environment),
  answers: keptAnswers(
    new FencedPersistenceLayer({
      tableName: environment.IDEMPOTENCY_TABLE,
      awsSdkV3Client: client,
    }),
    idempotencyMetrics(telemetry(SERVICES.inventory)),
  ),
  routes: [
    ...stockRoutes({
      ...open,
      log: dynamoAdjustmentLog({ client, table: environment.STOCK_TABLE }),
      cursors: signedCursors(() => secretText(environment.CURSOR_SECRET_ARN)),
    }),
    ...reservationRoutes(open),
  ],
});
