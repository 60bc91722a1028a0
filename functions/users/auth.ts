/**
 * POST /oauth2/token, the only function that may sign.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoClientStore } from "#adapters/aws/dynamodb/client-store";
import { kmsTokenSigner } from "#adapters/aws/kms/token-signer";
import { SERVICES } from "#contracts/metrics";
import { randomIds } from "#kernel/ids";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { tokenRoute } from "./routes.ts";

const environment = config("CLIENTS_TABLE", "TOKEN_KEY_IDS", "TOKEN_ISSUER", "TOKEN_AUDIENCE");

const dependencies = {
  clients: dynamoClientStore({ client: dynamoClient(), table: environment.CLIENTS_TABLE }),
  signer: kmsTokenSigner(environment),
  issuer: environment.TOKEN_ISSUER,
  audience: environment.TOKEN_AUDIENCE,
  newId: randomIds,
};

export const handler = httpFunction({
  service: SERVICES.users,
  routes: [tokenRoute(dependencies)],
});
