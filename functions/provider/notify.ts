/**
 * Tells the simulated provider's client of every change of its payments, from the change stream of
 * their table: what the client does not take is told again.
 */
import { chargeChangeOf } from "#adapters/aws/dynamodb/charge-changes";
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoRecordStore } from "#adapters/aws/dynamodb/record-store";
import { secretText } from "#adapters/aws/secrets";
import { webhookPost } from "#adapters/http/webhook-post";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { config } from "#runtime/config";
import { streamFunction } from "#runtime/stream-function";
import { tellChanges } from "#services/provider/tell-changes";
import { readWebhookSettings } from "#services/provider/webhook-settings";

const environment = config("PROVIDER_TABLE", "PAYMENT_WEBHOOK_SECRET_ARN");
const settings = dynamoRecordStore({
  client: dynamoClient(),
  table: environment.PROVIDER_TABLE,
  kind: "settings",
});

const ports = {
  settings: () => readWebhookSettings(settings),
  post: webhookPost({
    secret: () => secretText(environment.PAYMENT_WEBHOOK_SECRET_ARN),
    clock: systemClock,
    timeout: seconds(5),
  }),
  clock: systemClock,
};

export const handler = streamFunction({
  service: SERVICES.provider,
  async forward(records) {
    await tellChanges(ports, records.map(chargeChangeOf));
    return {};
  },
});
