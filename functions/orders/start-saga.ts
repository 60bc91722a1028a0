/**
 * Begins the saga of each placed order, from the FIFO queue that the outbox fills.
 */
import { dynamoClient } from "#adapters/aws/dynamodb/client";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { stepFunctionsClient } from "#adapters/aws/stepfunctions/client";
import { machinesOf, stepFunctionsSagaStarter } from "#adapters/aws/stepfunctions/saga-starter";
import { SERVICES } from "#contracts/metrics";
import { systemClock } from "#kernel/clock";
import { seconds } from "#kernel/units";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { config } from "#runtime/config";
import { telemetry } from "#runtime/telemetry";
import { sagaStartHandler } from "#services/orders/usecases/start-sagas";
import { tellStarts } from "./saga-outcomes.ts";

const { ORDERS_TABLE: table, ...machines } = config("ORDERS_TABLE", "SAGA_ARN", "REFUND_ARN");
const starter = stepFunctionsSagaStarter({
  client: stepFunctionsClient(),
  machines: machinesOf(machines),
});
const store = dynamoEventStore({ client: dynamoClient(), table });
const told = telemetry(SERVICES.sagaStart);

/** No function runs longer than 10 s, and no message of it comes back before 12 s. */
const lease = seconds(11);

export const handler = orderedConsumer({
  consumer: SERVICES.sagaStart,
  handler: sagaStartHandler({ starter, store, clock: systemClock, tell: tellStarts(told) }, lease),
  claimChecks: claimChecks(),
  telemetry: told,
});
