/**
 * Everything that keeps state: tables, queues, bus, keys and secrets. It changes rarely and is
 * deployed first.
 */
import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Archive, EventBus } from "aws-cdk-lib/aws-events";
import { Key, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { StreamViewType, type TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import {
  ADJUSTMENTS_BY_SKU,
  BOUGHT_WITH,
  EXPIRING_HOLDS,
  ORDERS_BY_CUSTOMER,
  ORDERS_BY_STATUS,
  ORDERS_TO_WATCH,
  PRODUCT_SHELVES,
  PUBLISHED_REVIEWS,
  WEBHOOK_RETRIES,
} from "#contracts/indexes";
import { OUTPUTS } from "#contracts/outputs";
import { acknowledge } from "../constructs/acknowledge.ts";
import type { QueueLimits } from "../constructs/consumer-limits.ts";
import { EventStore } from "../constructs/event-store.ts";
import { GatewayLogging } from "../constructs/gateway-logging.ts";
import { IdempotencyTable } from "../constructs/idempotency-table.ts";
import { OrderedQueue } from "../constructs/ordered-queue.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { WORKER_LIMITS } from "../constructs/queue-worker.ts";
import { ServiceTable, type ServiceTableProps } from "../constructs/service-table.ts";
import type { Deployment, DeploymentProps } from "../deployment.ts";

/** Base64 of 33 bytes, as Standard Webhooks wants its keys: 24 to 64 bytes. */
const SECRET_CHARACTERS = 44;

/** Left out of secrets. By character, because not every target knows `excludePunctuation`. */
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export class DataStack extends Stack {
  readonly orders: TableV2;
  readonly orderList: TableV2;
  readonly carts: TableV2;
  readonly products: TableV2;
  readonly reviews: TableV2;
  readonly stock: TableV2;
  readonly payments: TableV2;
  readonly clients: TableV2;
  readonly idempotency: TableV2;
  /** What is derived from products as objects: the snapshot of the search index. */
  readonly catalogue: Bucket;
  readonly productSearch: TableV2;
  readonly recommendations: TableV2;
  readonly sagaStartQueue: OrderedQueue;
  readonly orderListQueue: OrderedQueue;
  readonly fulfilmentQueue: OrderedQueue;
  readonly productSearchQueue: OrderedQueue;
  readonly webhooks: TableV2;
  readonly webhookPlanQueue: OrderedQueue;
  readonly webhookDeliveryQueue: OrderedQueue;
  readonly recommendationsQueue: OrderedQueue;
  readonly paymentReportsQueue: OrderedQueue;
  /** Where in which stream the records are that the relay gave up. */
  readonly relayGivenUp: Queue;
  readonly bus: EventBus;
  readonly tokenKey: Key;
  readonly fulfilmentSecret: Secret;
  readonly cursorSecret: Secret;
  readonly providerSecret: Secret;
  readonly paymentWebhookSecret: Secret;

  private readonly deployment: Deployment;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id, props);
    this.deployment = props.deployment;
    const { features } = this.deployment.stage;
    new GatewayLogging(this, "GatewayLogging");

    this.orders = new EventStore(this, "Orders", { heads: true, features }).table;
    this.orderList = this.table("OrderList", {
      partitionKey: "pk",
      sortKey: "sk",
      indexes: [ORDERS_BY_CUSTOMER, ORDERS_BY_STATUS, ORDERS_TO_WATCH],
      heads: true,
      // Its violations leave by it.
      changes: StreamViewType.NEW_IMAGE,
    });
    this.stock = this.table("Stock", {
      partitionKey: "pk",
      sortKey: "sk",
      indexes: [ADJUSTMENTS_BY_SKU],
      sparseIndexes: [EXPIRING_HOLDS],
    });
    this.products = this.table("Products", {
      partitionKey: "sku",
      indexes: Object.values(PRODUCT_SHELVES),
      changes: StreamViewType.NEW_IMAGE,
    });
    this.carts = this.table("Carts", { partitionKey: "cartId", expiry: "expires" });
    this.reviews = this.table("Reviews", {
      partitionKey: "sku",
      sortKey: "reviewId",
      indexes: [PUBLISHED_REVIEWS],
    });
    this.payments = this.table("Payments", {
      partitionKey: "pk",
      sortKey: "sk",
      // Of the reports that have been heard; steps and movements have no such attribute.
      expiry: "expiresAt",
    });
    this.clients = this.table("Clients", { partitionKey: "clientId" });
    this.idempotency = new IdempotencyTable(this, "Idempotency", { features }).table;
    this.webhooks = new EventStore(this, "Webhooks", {
      heads: true,
      indexes: [WEBHOOK_RETRIES],
      expiry: "expiresAt",
      features,
    }).table;

    this.productSearch = this.table("ProductSearchHeads", {
      partitionKey: "pk",
      sortKey: "sk",
      heads: true,
      // Its violations leave by it, and the index is built from it.
      changes: StreamViewType.NEW_IMAGE,
    });
    this.recommendations = this.table("RecommendationCounts", {
      partitionKey: "pk",
      sortKey: "sk",
      indexes: [BOUGHT_WITH],
      heads: true,
      // Its violations leave by it.
      changes: StreamViewType.NEW_IMAGE,
    });
    this.catalogue = new PrivateBucket(this, "Catalogue", { features }).bucket;

    this.sagaStartQueue = this.orderedQueue("SagaStart", "saga-start");
    this.orderListQueue = this.orderedQueue("OrderListUpdates", "order-list");
    this.productSearchQueue = this.orderedQueue("ProductSearch", "product-search");
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
      [OUTPUTS.productSearchQueueUrl]: this.productSearchQueue.queue.queueUrl,
      [OUTPUTS.productSearchDeadLetterQueueUrl]: this.productSearchQueue.deadLetterQueue.queueUrl,
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
      [OUTPUTS.productSearchTable]: this.productSearch.tableName,
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

  private get removalPolicy(): RemovalPolicy {
    return this.deployment.stage.features.deletionProtection
      ? RemovalPolicy.RETAIN
      : RemovalPolicy.DESTROY;
  }

  private table(id: string, props: Omit<ServiceTableProps, "features">): TableV2 {
    const { features } = this.deployment.stage;
    return new ServiceTable(this, id, { ...props, features }).table;
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
