/**
 * Invoked by the operator: registers a client and answers its secret, once.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoClientStore } from "#adapters/aws/dynamodb/client-store";
import { SERVICES } from "#contracts/metrics";
import { registerClient } from "#contracts/operator";
import { randomSecrets } from "#kernel/ids";
import { config } from "#runtime/config";
import { taskFunction } from "#runtime/task-function";
import { registerWithSecret } from "#services/users/register-client";

const { CLIENTS_TABLE } = config("CLIENTS_TABLE");

const dependencies = {
  clients: dynamoClientStore({ client: dynamoClient(), table: CLIENTS_TABLE }),
  newSecret: randomSecrets,
};

export const handler = taskFunction({
  service: SERVICES.users,
  schema: registerClient,
  handle: (input) => registerWithSecret(dependencies, input),
});
