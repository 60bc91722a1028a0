/**
 * What the deployed stacks tell the outside (CloudFormation outputs), read by the operator's
 * commands and the tests.
 */

export const OUTPUTS = {
  /**
   * Id of the REST API; its address depends on the target (`stageUrl` of the operator's commands).
   */
  apiId: "ApiId",
  apiStage: "ApiStage",
  importProductsFunction: "ImportProductsFunction",
  receiveStockFunction: "ReceiveStockFunction",
  expireHoldsFunction: "ExpireHoldsFunction",
  verifyStockFunction: "VerifyStockFunction",
  registerClientFunction: "RegisterClientFunction",
  verifyLedgerFunction: "VerifyLedgerFunction",
  fulfilmentSecretArn: "FulfilmentSecretArn",
  fulfilmentQueueUrl: "FulfilmentQueueUrl",
  fulfilmentDeadLetterQueueUrl: "FulfilmentDeadLetterQueueUrl",
  recommendationsQueueUrl: "RecommendationsQueueUrl",
  recommendationsDeadLetterQueueUrl: "RecommendationsDeadLetterQueueUrl",
  providerAddress: "ProviderAddress",
  providerSecretArn: "ProviderSecretArn",
  paymentWebhookSecretArn: "PaymentWebhookSecretArn",
  paymentReportsDeadLetterQueueUrl: "PaymentReportsDeadLetterQueueUrl",
  orderListQueueUrl: "OrderListQueueUrl",
  orderListDeadLetterQueueUrl: "OrderListDeadLetterQueueUrl",
  sagaStartQueueUrl: "SagaStartQueueUrl",
  sagaStartDeadLetterQueueUrl: "SagaStartDeadLetterQueueUrl",
  fulfilmentSweepFunction: "FulfilmentSweepFunction",
  recommendationsSweepFunction: "RecommendationsSweepFunction",
  orderListSweepFunction: "OrderListSweepFunction",
  orderListFunction: "OrderListFunction",
  recommendationsFunction: "RecommendationsFunction",
  sagaStartSweepFunction: "SagaStartSweepFunction",
  reconcileFunction: "ReconcileFunction",
  webhookPlanQueueUrl: "WebhookPlanQueueUrl",
  webhookPlanDeadLetterQueueUrl: "WebhookPlanDeadLetterQueueUrl",
  webhookPlanSweepFunction: "WebhookPlanSweepFunction",
  webhookDeliveryQueueUrl: "WebhookDeliveryQueueUrl",
  webhookDeliveryDeadLetterQueueUrl: "WebhookDeliveryDeadLetterQueueUrl",
  webhookDeliverySweepFunction: "WebhookDeliverySweepFunction",
  webhookRetryFunction: "WebhookRetryFunction",
  webhooksTable: "WebhooksTable",
  reconcilePaymentsFunction: "ReconcilePaymentsFunction",
  eventBusName: "EventBusName",
  metricNamespace: "MetricNamespace",
  ordersTable: "OrdersTable",
  orderListTable: "OrderListTable",
  productsTable: "ProductsTable",
  recommendationsTable: "RecommendationsTable",
  catalogueBucket: "CatalogueBucket",
  claimCheckBucket: "ClaimCheckBucket",
  cartsTable: "CartsTable",
  reviewsTable: "ReviewsTable",
  stockTable: "StockTable",
  idempotencyTable: "IdempotencyTable",
  paymentsTable: "PaymentsTable",
  providerTable: "ProviderTable",
  sagaArn: "SagaArn",
  refundArn: "RefundArn",
  sagasFunction: "SagasFunction",
  dashboardName: "DashboardName",
} as const;

export type OutputName = (typeof OUTPUTS)[keyof typeof OUTPUTS];

export const STAGES = ["local", "dev", "prod"] as const;
export type StageName = (typeof STAGES)[number];

/** Of the simulated payment provider, which is not for customers' money. */
const SIMULATED: readonly OutputName[] = [OUTPUTS.providerTable, OUTPUTS.providerAddress];

/** The names of what a stage deploys; stacks in the order of their dependence. */
export function deployedOf(stage: StageName): {
  readonly stacks: readonly string[];
  readonly outputs: readonly OutputName[];
} {
  const { data, provider, application, operations } = stackNames(stage);
  const outputs = Object.values(OUTPUTS);
  return stage === "prod"
    ? { stacks: [data, application, operations], outputs: outputs.filter(isOurs) }
    : { stacks: [data, provider, application, operations], outputs };
}

const isOurs = (output: OutputName): boolean => !SIMULATED.includes(output);

/** Names of the stacks of a stage, in the order of their dependence. */
export const stackNames = (stage: string) =>
  ({
    data: `inorder-${stage}-data`,
    provider: `inorder-${stage}-provider`,
    application: `inorder-${stage}-application`,
    operations: `inorder-${stage}-operations`,
  }) as const;
