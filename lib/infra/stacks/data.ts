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
import type { Construct } from "constructs";
import {
  ADJUSTMENTS_BY_SKU,
  EXPIRING_HOLDS,
  ORDERS_BY_CUSTOMER,
  ORDERS_TO_WATCH,
} from "#contracts/indexes";
import { OUTPUTS } from "#contracts/outputs";
import { acknowledge } from "../constructs/acknowledge.ts";
import { EventStore } from "../constructs/event-store.ts";
import { GatewayLogging } from "../constructs/gateway-logging.ts";
import { IdempotencyTable } from "../constructs/idempotency-table.ts";
import { OrderedQueue } from "../constructs/ordered-queue.ts";
import { ServiceTable, type ServiceTableProps } from "../constructs/service-table.ts";
import type { Deployment, DeploymentProps } from "../deployment.ts";

/** Base64 of 33 bytes, as Standard Webhooks wants its keys: 24 to 64 bytes. */
const SECRET_CHARACTERS = 44;

/** Left out of secrets. By character, because not every target knows `excludePunctuation`. */
const PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

export class DataStack extends Stack {
  readonly orders: TableV2;
  readonly orderList: TableV2;
  readonly products: TableV2;
  readonly stock: TableV2;
  readonly payments: TableV2;
  readonly clients: TableV2;
  readonly idempotency: TableV2;
  readonly sagaStartQueue: OrderedQueue;
  readonly orderListQueue: OrderedQueue;
  readonly fulfilmentQueue: OrderedQueue;
  /** Where in the orders' stream the records are that the relay gave up. */
  readonly relayGivenUp: Queue;
  readonly bus: EventBus;
  readonly tokenKey: Key;
  readonly fulfilmentSecret: Secret;
  readonly cursorSecret: Secret;
  readonly providerSecret: Secret;

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
      indexes: [ORDERS_BY_CUSTOMER, ORDERS_TO_WATCH],
      heads: true,
      // Its violations leave by it.
      changes: StreamViewType.NEW_IMAGE,
    });
    this.products = this.table("Products", { partitionKey: "sku" });
    this.stock = this.table("Stock", {
      partitionKey: "pk",
      sortKey: "sk",
      indexes: [ADJUSTMENTS_BY_SKU],
      sparseIndexes: [EXPIRING_HOLDS],
    });
    this.payments = this.table("Payments", { partitionKey: "pk", sortKey: "sk" });
    this.clients = this.table("Clients", { partitionKey: "clientId" });
    this.idempotency = new IdempotencyTable(this, "Idempotency", { features }).table;

    this.sagaStartQueue = this.orderedQueue("SagaStart", "saga-start");
    this.orderListQueue = this.orderedQueue("OrderListUpdates", "order-list");
    this.fulfilmentQueue = this.orderedQueue("Fulfilment", "fulfilment");
    this.relayGivenUp = this.givenUpQueue();
    this.bus = this.eventBus();

    this.tokenKey = this.signingKey();
    this.fulfilmentSecret = this.secret("FulfilmentSecret", "Signs the webhooks of carriers");
    this.cursorSecret = this.secret("CursorSecret", "Signs the cursors of lists");
    this.providerSecret = this.secret("ProviderSecret", "Our API key at the payment provider");

    this.outputs();
  }

  private outputs(): void {
    const values = {
      [OUTPUTS.fulfilmentSecretArn]: this.fulfilmentSecret.secretArn,
      [OUTPUTS.fulfilmentQueueUrl]: this.fulfilmentQueue.queue.queueUrl,
      [OUTPUTS.fulfilmentDeadLetterQueueUrl]: this.fulfilmentQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.orderListQueueUrl]: this.orderListQueue.queue.queueUrl,
      [OUTPUTS.orderListDeadLetterQueueUrl]: this.orderListQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.sagaStartQueueUrl]: this.sagaStartQueue.queue.queueUrl,
      [OUTPUTS.sagaStartDeadLetterQueueUrl]: this.sagaStartQueue.deadLetterQueue.queueUrl,
      [OUTPUTS.ordersTable]: this.orders.tableName,
      [OUTPUTS.orderListTable]: this.orderList.tableName,
      [OUTPUTS.stockTable]: this.stock.tableName,
      [OUTPUTS.idempotencyTable]: this.idempotency.tableName,
      [OUTPUTS.paymentsTable]: this.payments.tableName,
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

  private orderedQueue(id: string, name: string): OrderedQueue {
    return new OrderedQueue(this, id, {
      ...this.deployment.stage.consumer,
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
