/**
 * The tables and the bucket of a stage, each owned by one service. The stack of everything that
 * keeps state goes on from here.
 */
import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { StreamViewType, type TableV2 } from "aws-cdk-lib/aws-dynamodb";
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
import { ClaimCheckBucket, type ClaimChecks } from "../constructs/claim-check-bucket.ts";
import { EventStore } from "../constructs/event-store.ts";
import { IdempotencyTable } from "../constructs/idempotency-table.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { ServiceTable, type ServiceTableProps } from "../constructs/service-table.ts";
import type { Deployment, DeploymentProps } from "../deployment.ts";

export abstract class DataTables extends Stack {
  readonly orders: TableV2;
  readonly orderList: TableV2;
  readonly carts: TableV2;
  readonly products: TableV2;
  readonly reviews: TableV2;
  readonly stock: TableV2;
  readonly payments: TableV2;
  readonly clients: TableV2;
  readonly idempotency: TableV2;
  readonly recommendations: TableV2;
  readonly webhooks: TableV2;
  /** What is derived from products as objects: the snapshot of the search index. */
  readonly catalogue: Bucket;
  /** The data of events that are too large for a queue. */
  readonly claimChecks: ClaimChecks;

  protected readonly claimCheckBucket: Bucket;

  protected readonly deployment: Deployment;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id, props);
    this.deployment = props.deployment;
    const { features } = this.deployment.stage;
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

    this.recommendations = this.table("RecommendationCounts", {
      partitionKey: "pk",
      sortKey: "sk",
      indexes: [BOUGHT_WITH],
      heads: true,
      // Its violations leave by it.
      changes: StreamViewType.NEW_IMAGE,
    });
    this.catalogue = new PrivateBucket(this, "Catalogue", { features }).bucket;
    this.claimCheckBucket = new ClaimCheckBucket(this, "ClaimChecks", {
      removalPolicy: features.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    }).bucket;
    // Exported here, so that whoever is given a right knows how his template names it.
    this.claimChecks = {
      bucketName: this.exportValue(this.claimCheckBucket.bucketName),
      bucketArn: this.exportValue(this.claimCheckBucket.bucketArn),
    };
  }

  private table(id: string, props: Omit<ServiceTableProps, "features">): TableV2 {
    const { features } = this.deployment.stage;
    return new ServiceTable(this, id, { ...props, features }).table;
  }
}
