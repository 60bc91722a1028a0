/**
 * The simulated payment provider, deployed where a stage has no real one.
 */
import { dynamoChargeStore } from "#adapters/aws/dynamodb/charge-store";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { secretText } from "#adapters/aws/secrets";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { randomIds } from "#kernel/ids";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { httpFunction } from "#runtime/http-function";
import { providerRoutes } from "./routes.ts";

const environment = config("PROVIDER_TABLE", "PROVIDER_SECRET_ARN", "PROVIDER_LATE_ANSWERS");

/** Longer than any client of ours waits, shorter than this function may run. */
const SILENCE = seconds(6);

export const handler = httpFunction({
  service: SERVICES.provider,
  routes: providerRoutes({
    charges: dynamoChargeStore({ client: dynamoClient(), table: environment.PROVIDER_TABLE }),
    settings: dynamoRecordStore({
      client: dynamoClient(),
      table: environment.PROVIDER_TABLE,
      kind: "settings",
    }),
    apiKey: () => secretText(environment.PROVIDER_SECRET_ARN),
    clock: systemClock,
    newId: randomIds,
    silence: SILENCE,
    lateAnswer: environment.PROVIDER_LATE_ANSWERS === "on" ? SILENCE : undefined,
  }),
});
