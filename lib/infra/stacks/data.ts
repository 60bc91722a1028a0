/**
 * Everything that keeps state: tables, queues, bus, keys and secrets. It changes rarely and is
 * deployed first.
 */
import { CfnOutput, Duration, RemovalPolicy } from "aws-cdk-lib";
import { Archive, EventBus } from "aws-cdk-lib/aws-events";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { ORDER_EVENT_SOURCE, type OrderEventType } from "#contracts/events/order-events";
import { LEFT_STATUSES } from "#contracts/order-words";
import { OUTPUTS } from "#contracts/outputs";
import { acknowledge } from "../constructs/acknowledge.ts";
import type { QueueLimits } from "../constructs/consumer-limits.ts";
import { GatewayLogging } from "../constructs/gateway-logging.ts";
import { EventQueue } from "../constructs/event-queue.ts";
import { OrderedQueue } from "../constructs/ordered-queue.ts";
import { WORKER_LIMITS } from "../constructs/queue-worker.ts";
import type { DeploymentProps } from "../deployment.ts";
import { DataTables } from "./data-tables.ts";

/** Base64 of 33 bytes, as Standard Webhooks wants its keys: 24 to 64 bytes. */
const SECRET_CHARACTERS = 44;

/** Left out of secrets. By character, because not every target knows `excludePunctuation`. */
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export class DataStack extends DataTables {
  readonly sagaStartQueue: OrderedQueue;
  readonly orderListQueue: OrderedQueue;
  readonly fulfilmentQueue: OrderedQueue;
  readonly webhookPlanQueue: OrderedQueue;
  readonly webhookDeliveryQueue: OrderedQueue;
  readonly recommendationsQueue: OrderedQueue;
  readonly paymentReportsQueue: OrderedQueue;
  /** Orders whose goods have left. */
  readonly handOverQueue: EventQueue;
  /** Where in which stream the records are that the relay gave up. */
  readonly relayGivenUp: Queue;
  readonly bus: EventBus;
  readonly tokenKey: Key;
  readonly fulfilmentSecret: Secret;
  readonly cursorSecret: Secret;
  readonly providerSecret: Secret;
  readonly paymentWebhookSecret: Secret;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id, props);
    new GatewayLogging(this, "GatewayLogging");

    this.sagaStartQueue = this.orderedQueue("SagaStart", "saga-start");
    this.orderListQueue = this.orderedQueue("OrderListUpdates", "order-list");
    this.recommendationsQueue = this.orderedQueue("Recommendations", "recommendations");
    this.paymentReportsQueue = this.orderedQueue(
      "PaymentReports",
      "payment-reports",
      WORKER_LIMITS,
    );
    this.fulfilmentQueue = this.orderedQueue("Fulfilment", "fulfilment");
    this.webhookPlanQueue = this.orderedQueue("WebhookPlan", "webhook-plan");
    this.webhookDeliveryQueue = this.orderedQueue(
      "WebhookDelivery",
      "webhook-delivery",
      this.deployment.stage.webhookDelivery,
    );
    this.relayGivenUp = this.givenUpQueue();
    this.bus = this.eventBus();
    this.handOverQueue = this.handOvers();

    this.tokenKey = this.signingKey();
    this.fulfilmentSecret = this.secret("FulfilmentSecret", "Signs the webhooks of carriers");
    this.cursorSecret = this.secret("CursorSecret", "Signs the cursors of lists");
    this.providerSecret = this.secret("ProviderSecret", "Our API key at the payment provider");
    this.paymentWebhookSecret = this.secret(
      "PaymentWebhookSecret",
      "Signs the webhooks of the payment provider",
    );

    this.outputs();
  }

  private outputs(): void {
    const values = {
      [OUTPUTS.fulfilmentSecretArn]: this.fulfilmentSecret.secretArn,
      [OUTPUTS.fulfilmentQueueUrl]: this.fulfilmentQueue.queue.queueUrl,
      [OUTPUTS.fulfilmentDeadLetterQueueUrl]: this.fulfilmentQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.recommendationsQueueUrl]: this.recommendationsQueue.queue.queueUrl,
      [OUTPUTS.recommendationsDeadLetterQueueUrl]:
        this.recommendationsQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.orderListQueueUrl]: this.orderListQueue.queue.queueUrl,
      [OUTPUTS.orderListDeadLetterQueueUrl]: this.orderListQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.sagaStartQueueUrl]: this.sagaStartQueue.queue.queueUrl,
      [OUTPUTS.sagaStartDeadLetterQueueUrl]: this.sagaStartQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.providerSecretArn]: this.providerSecret.secretArn,
      [OUTPUTS.paymentWebhookSecretArn]: this.paymentWebhookSecret.secretArn,
      [OUTPUTS.paymentReportsDeadLetterQueueUrl]: this.paymentReportsQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.ordersTable]: this.orders.tableName,
      [OUTPUTS.orderListTable]: this.orderList.tableName,
      [OUTPUTS.productsTable]: this.products.tableName,
      [OUTPUTS.cartsTable]: this.carts.tableName,
      [OUTPUTS.reviewsTable]: this.reviews.tableName,
      [OUTPUTS.stockTable]: this.stock.tableName,
      [OUTPUTS.idempotencyTable]: this.idempotency.tableName,
      [OUTPUTS.paymentsTable]: this.payments.tableName,
      [OUTPUTS.catalogueBucket]: this.catalogue.bucketName,
      [OUTPUTS.claimCheckBucket]: this.claimCheckBucket.bucketName,
      [OUTPUTS.webhookPlanQueueUrl]: this.webhookPlanQueue.queue.queueUrl,
      [OUTPUTS.webhookPlanDeadLetterQueueUrl]: this.webhookPlanQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.webhookDeliveryQueueUrl]: this.webhookDeliveryQueue.queue.queueUrl,
      [OUTPUTS.webhookDeliveryDeadLetterQueueUrl]:
        this.webhookDeliveryQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.webhooksTable]: this.webhooks.tableName,
      [OUTPUTS.recommendationsTable]: this.recommendations.tableName,
      [OUTPUTS.eventBusName]: this.bus.eventBusName,
    };
    for (const [name, value] of Object.entries(values)) new CfnOutput(this, name, { value });
  }

  /** It needs no order: whatever comes first or twice, units leave once. */
  private handOvers(): EventQueue {
    return new EventQueue(this, "HandOvers", {
      ...this.deployment.stage.consumer,
      ...WORKER_LIMITS,
      bus: this.bus,
      description: "Goods have left: the stock is told",
      pattern: {
        source: [ORDER_EVENT_SOURCE],
        detailType: ["order.fulfilment-reported" satisfies OrderEventType],
        detail: { data: { status: [...LEFT_STATUSES] } },
      },
      queueName: `${this.deployment.prefix}-hand-overs`,
      removalPolicy: this.removalPolicy,
    });
  }

  private get removalPolicy(): RemovalPolicy {
    return this.deployment.stage.features.deletionProtection
      ? RemovalPolicy.RETAIN
      : RemovalPolicy.DESTROY;
  }

  private orderedQueue(id: string, name: string, limits: Partial<QueueLimits> = {}): OrderedQueue {
    return new OrderedQueue(this, id, {
      ...this.deployment.stage.consumer,
      ...limits,
      queueName: `${this.deployment.prefix}-${name}`,
      removalPolicy: this.removalPolicy,
    });
  }

  private givenUpQueue(): Queue {
    const queue = new Queue(this, "RelayGivenUp", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: this.removalPolicy,
    });
    acknowledge(queue, { "AwsSolutions-SQS3": "It is itself where given up records end." });
    return queue;
  }

  private eventBus(): EventBus {
    const { prefix, stage } = this.deployment;
    const bus = new EventBus(this, "Bus", { eventBusName: prefix });
    if (stage.features.archive) {
      new Archive(this, "Archive", {
        sourceEventBus: bus,
        description: `Everything published on ${prefix}, for replay`,
        eventPattern: { account: [this.account] },
        retention: Duration.days(stage.archiveRetentionDays),
      });
    }
    return bus;
  }

  /** RS256. The key never leaves KMS; only the token endpoint may sign with it. */
  private signingKey(): Key {
    return new Key(this, "TokenKey", {
      description: "Signs access tokens",
      keySpec: KeySpec.RSA_2048,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: this.removalPolicy,
    });
  }

  private secret(id: string, description: string): Secret {
    const secret = new Secret(this, id, {
      description,
      generateSecretString: {
        passwordLength: SECRET_CHARACTERS,
        excludeCharacters: PUNCTUATION,
      },
      removalPolicy: this.removalPolicy,
    });
    acknowledge(secret, {
      "AwsSolutions-SMG4":
        "Its other holder has to change it at the same moment: an operator rotates it with him.",
    });
    return secret;
  }
}
