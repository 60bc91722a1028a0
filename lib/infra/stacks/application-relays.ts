/**
 * What empties the application's streams and the queues whose messages nobody numbers: each with
 * its own source.
 */
import type { Code } from "aws-cdk-lib/aws-lambda";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { Stage } from "../config/stage.ts";
import type { Need } from "../constructs/need.ts";
import { OutboxRelay } from "../constructs/outbox-relay.ts";
import { QueueWorker } from "../constructs/queue-worker.ts";
import { StreamReader } from "../constructs/stream-reader.ts";
import { type ApplicationFunction, functionId } from "../functions.ts";
import type { DataStack } from "./data.ts";
import { outdating } from "./shared-cache.ts";

export type Relays = {
  readonly relay: OutboxRelay;
  readonly webhookRelay: OutboxRelay;
  readonly searchBuilder: StreamReader;
  readonly paymentReports: QueueWorker;
  readonly handOvers: QueueWorker;
};

export type RelaysRequest = {
  readonly data: DataStack;
  readonly stage: Stage;
  /** Code, rights and the like of a function. */
  readonly made: (
    name: ApplicationFunction,
    description: string,
  ) => {
    readonly description: string;
    readonly code: Code;
    readonly logRetention: RetentionDays;
    readonly needs: readonly Need[];
  };
};

export function relays(scope: Construct, request: RelaysRequest): Relays {
  if (request.stage.cache.shared !== "none") outdating(scope, request);
  return {
    relay: outboxRelay(scope, request),
    searchBuilder: builderOfSearch(scope, request),
    webhookRelay: relayOfWebhooks(scope, request),
    paymentReports: paymentReportsWorker(scope, request),
    handOvers: handOversWorker(scope, request),
  };
}

function outboxRelay(scope: Construct, { data, stage, made }: RelaysRequest): OutboxRelay {
  const name = "outbox/relay";
  return new OutboxRelay(scope, functionId(name), {
    limits: stage.relay,
    table: data.orders,
    headTables: [data.orderList, data.recommendations],
    versionTables: [data.products],
    claimChecks: data.claimChecks,
    givenUp: data.relayGivenUp,
    ...made(name, "Forwards committed events of orders, changes of products"),
  });
}

function builderOfSearch(scope: Construct, { data, stage, made }: RelaysRequest): StreamReader {
  const name = "products/build-search";
  const { builder, gatherSeconds, changesMax } = stage.search;
  return new StreamReader(scope, functionId(name), {
    ...builder,
    ...made(name, "Takes changes of products into the search index"),
    table: data.products,
    gatherSeconds,
    changesMax,
  });
}

function relayOfWebhooks(scope: Construct, { data, stage, made }: RelaysRequest): OutboxRelay {
  const name = "webhooks/relay";
  return new OutboxRelay(scope, functionId(name), {
    limits: stage.relay,
    table: data.webhooks,
    claimChecks: data.claimChecks,
    givenUp: data.relayGivenUp,
    ...made(name, "Forwards the deliveries of webhooks that are due"),
  });
}

function paymentReportsWorker(scope: Construct, { data, stage, made }: RelaysRequest): QueueWorker {
  const name = "payments/consume";
  return new QueueWorker(scope, functionId(name), {
    ...stage.consumer,
    ...made(name, "Hears what the provider reports of payments"),
    workerName: "payment-reports",
    source: data.paymentReportsQueue,
  });
}

/** Nobody waits for it: a few seconds more are many invocations less. */
const HAND_OVERS_GATHERED_SECONDS = 5;

function handOversWorker(scope: Construct, { data, stage, made }: RelaysRequest): QueueWorker {
  const name = "inventory/ship";
  return new QueueWorker(scope, functionId(name), {
    ...stage.consumer,
    ...made(name, "Turns the stock of orders that have left into sold units"),
    workerName: "hand-overs",
    source: data.handOverQueue,
    gatherSeconds: HAND_OVERS_GATHERED_SECONDS,
  });
}
