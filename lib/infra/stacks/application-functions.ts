/**
 * What runs behind the API: a row for each ordered consumer, for each function that a clock calls
 * and for each that operators invoke. HTTP functions have theirs in `contracts/http/routes.ts`.
 */
import { Duration } from "aws-cdk-lib";
import { SERVICES } from "#contracts/metrics";
import { OUTPUTS, type OutputName } from "#contracts/outputs";
import type { ConsumerLimits, FunctionSize } from "../constructs/consumer-limits.ts";
import type { OrderedConsumerProps } from "../constructs/ordered-consumer.ts";
import type { Stage } from "../config/stage.ts";
import type { ApplicationFunction } from "../functions.ts";
import type { DataStack } from "./data.ts";

export type ConsumerRow = Pick<
  OrderedConsumerProps,
  "consumerName" | "queue" | "table" | "claimChecks"
> & {
  readonly name: ApplicationFunction;
  readonly sweepOutput: OutputName;
  /** Names the function of one that operators call as well. */
  readonly output?: OutputName;
  /** Where they are not those of the stage. */
  readonly limits?: ConsumerLimits;
  readonly haltsAreNormal?: boolean;
};

export const consumerRows = (
  data: DataStack,
  { webhookDelivery }: Pick<Stage, "webhookDelivery">,
): readonly ConsumerRow[] => [
  {
    name: "orders/start-saga",
    consumerName: SERVICES.sagaStart,
    queue: data.sagaStartQueue,
    claimChecks: data.claimChecks,
    table: data.orders,
    sweepOutput: OUTPUTS.sagaStartSweepFunction,
  },
  {
    name: "orders/project",
    consumerName: SERVICES.orderList,
    queue: data.orderListQueue,
    claimChecks: data.claimChecks,
    table: data.orderList,
    sweepOutput: OUTPUTS.orderListSweepFunction,
    output: OUTPUTS.orderListFunction,
  },
  {
    name: "products/count-baskets",
    consumerName: SERVICES.recommendations,
    queue: data.recommendationsQueue,
    claimChecks: data.claimChecks,
    table: data.recommendations,
    sweepOutput: OUTPUTS.recommendationsSweepFunction,
    output: OUTPUTS.recommendationsFunction,
  },
  {
    name: "orders/consume",
    consumerName: SERVICES.fulfilment,
    queue: data.fulfilmentQueue,
    table: data.orders,
    sweepOutput: OUTPUTS.fulfilmentSweepFunction,
  },
  {
    name: "webhooks/plan",
    consumerName: SERVICES.webhookPlan,
    queue: data.webhookPlanQueue,
    claimChecks: data.claimChecks,
    table: data.webhooks,
    sweepOutput: OUTPUTS.webhookPlanSweepFunction,
  },
  {
    name: "webhooks/deliver",
    consumerName: SERVICES.webhookDelivery,
    queue: data.webhookDeliveryQueue,
    claimChecks: data.claimChecks,
    table: data.webhooks,
    sweepOutput: OUTPUTS.webhookDeliverySweepFunction,
    limits: webhookDelivery,
    // A stream that halts waits for its retry, as it should.
    haltsAreNormal: true,
  },
];

export type ScheduledRow = {
  readonly name: ApplicationFunction;
  readonly size: FunctionSize;
  readonly every: Duration;
  readonly description: string;
  /** What an alarm on its errors says: it is named after the function, with `-errors`. */
  readonly onErrors: string;
  /** Names the function, so that it can be invoked where the stage has no schedules. */
  readonly output: OutputName;
};

export const scheduledRows = (stage: Stage): readonly ScheduledRow[] => [
  {
    name: "outbox/reconcile",
    size: stage.reconcile,
    every: Duration.days(1),
    description: "Sends consumers what they lack at the end of a stream",
    onErrors: "The daily comparison of events with consumers failed. Invoke it again.",
    output: OUTPUTS.reconcileFunction,
  },
  {
    name: "inventory/expire",
    size: stage.operator,
    every: Duration.minutes(1),
    description: "Gives back stock whose hold has come to its end",
    onErrors: "Holds could not be ended: their stock is not sold.",
    output: OUTPUTS.expireHoldsFunction,
  },
  {
    name: "webhooks/retry",
    size: stage.operator,
    every: Duration.minutes(1),
    description: "Lets webhooks go on whose next attempt is due",
    onErrors: "Webhooks that are to be tried again wait: the function that lets them go on fails.",
    output: OUTPUTS.webhookRetryFunction,
  },
  {
    name: "payments/reconcile",
    size: stage.reconcile,
    every: Duration.hours(1),
    description: "Compares the provider's payments with our books",
    onErrors: "Payments could not be compared with the provider; the others were. See its log.",
    output: OUTPUTS.reconcilePaymentsFunction,
  },
  {
    name: "orders/sagas",
    size: stage.operator,
    every: Duration.minutes(1),
    description: "Looks after sagas: starts those that never started, files those that are late",
    onErrors: "The watchdog of sagas failed. What it looks for does not go away; see its log.",
    output: OUTPUTS.sagasFunction,
  },
];

/** Invoked by operators, by the output that names the function. */
export const OPERATOR_FUNCTIONS = {
  [OUTPUTS.importProductsFunction]: "products/import",
  [OUTPUTS.receiveStockFunction]: "inventory/receive",
  [OUTPUTS.verifyStockFunction]: "inventory/verify",
  [OUTPUTS.registerClientFunction]: "users/register",
  [OUTPUTS.verifyLedgerFunction]: "payments/verify",
} as const satisfies { readonly [Output in OutputName]?: ApplicationFunction };
