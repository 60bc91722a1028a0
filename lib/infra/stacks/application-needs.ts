/**
 * Which function needs what: the whole of the application's environment and rights on one page. The
 * mappings, the saga and the outbox add what they themselves require.
 */
import { BOUGHT_WITH, ORDERS_BY_CUSTOMER } from "#contracts/indexes";
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import {
  keepsAnswers,
  knows,
  type Need,
  publishesOn,
  queriesIndex,
  readsObject,
  readsSecret,
  replacesObject,
  readsTokenKeys,
  sendsTo,
  type SearchDomain,
  signsTokens,
  type TokenKeys,
  usesSearchDomain,
  usesTable,
  verifiesTokens,
} from "../constructs/need.ts";
import type { ApplicationFunction } from "../functions.ts";
import type { DataStack } from "./data.ts";

export type Needs = Readonly<Record<ApplicationFunction, readonly Need[]>>;

export type NeedsRequest = {
  readonly data: DataStack;
  readonly tokens: TokenKeys;
  /** Base address of the payment provider. */
  readonly providerUrl: string;
  /** `gapRetrySeconds` of the stage. */
  readonly gapRetrySeconds: number;
  /** `search.lookSeconds` of the stage. */
  readonly searchLookSeconds: number;
  /** Absent where searches run over the snapshot. */
  readonly searchDomain: SearchDomain | undefined;
};

export function applicationNeeds(request: NeedsRequest): Needs {
  return {
    "gateway/health": [],
    ...usersNeeds(request),
    ...productsNeeds(request),
    ...inventoryNeeds(request),
    ...ordersNeeds(request),
    ...paymentsNeeds(request),
    ...outboxNeeds(request),
  };
}

const usersNeeds = ({ data, tokens }: NeedsRequest) => ({
  "users/auth": [usesTable("CLIENTS_TABLE", data.clients, "GetItem"), signsTokens(tokens)],
  "users/jwks": [readsTokenKeys(tokens)],
  "users/register": [usesTable("CLIENTS_TABLE", data.clients, "PutItem")],
});

const productsNeeds = ({ data, searchLookSeconds, searchDomain }: NeedsRequest) => ({
  "products/http": [
    usesTable("PRODUCTS_TABLE", data.products, "GetItem", "Scan"),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
  ],
  "products/search": [
    ...(searchDomain === undefined
      ? [
          readsObject("CATALOGUE_BUCKET", data.catalogue, SEARCH_SNAPSHOT_KEY),
          knows("SEARCH_LOOK_SECONDS", String(searchLookSeconds)),
        ]
      : [usesSearchDomain(searchDomain)]),
    queriesIndex("RECOMMENDATIONS_TABLE", data.recommendations, BOUGHT_WITH.name),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
  ],
  // Its heads come with the construct.
  "products/project-search": [],
  "products/count-baskets": [
    usesTable("RECOMMENDATIONS_TABLE", data.recommendations, "UpdateItem"),
  ],
  "products/build-search": [
    searchDomain === undefined
      ? replacesObject("CATALOGUE_BUCKET", data.catalogue, SEARCH_SNAPSHOT_KEY)
      : usesSearchDomain(searchDomain),
  ],
  "products/import": [usesTable("PRODUCTS_TABLE", data.products, "BatchWriteItem")],
});

const inventoryNeeds = ({ data, tokens }: NeedsRequest) => ({
  "inventory/http": [
    usesTable("STOCK_TABLE", data.stock, "BatchGetItem", "PutItem", "UpdateItem"),
    keepsAnswers(data.idempotency),
    verifiesTokens(tokens),
  ],
  "inventory/receive": [usesTable("STOCK_TABLE", data.stock, "UpdateItem")],
  "inventory/tasks": [usesTable("STOCK_TABLE", data.stock, "GetItem", "PutItem", "UpdateItem")],
});

const ordersNeeds = ({ data, tokens, gapRetrySeconds }: NeedsRequest) => ({
  "orders/http": [
    usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query"),
    usesTable("PRODUCTS_TABLE", data.products, "BatchGetItem"),
    queriesIndex("ORDER_LIST_TABLE", data.orderList, ORDERS_BY_CUSTOMER.name),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
    verifiesTokens(tokens),
  ],
  "orders/webhook": [
    sendsTo("FULFILMENT_QUEUE_URL", data.fulfilmentQueue.queue),
    readsSecret("FULFILMENT_SECRET_ARN", data.fulfilmentSecret),
  ],
  // Consumers' heads and what a consumer is told about its queue come with the construct.
  "orders/consume": [
    usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query"),
    knows("GAP_RETRY_SECONDS", String(gapRetrySeconds)),
  ],
  // Asks the orders' store for what is missing, and sends it to itself.
  "orders/project": [
    usesTable("ORDERS_TABLE", data.orders, "Query"),
    sendsTo("ORDER_LIST_QUEUE_URL", data.orderListQueue.queue),
  ],
  // Its right to the saga follows where the saga is made.
  "orders/start-saga": [],
  "orders/tasks": [usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query")],
});

const paymentsNeeds = ({ data, providerUrl }: NeedsRequest) => ({
  "payments/tasks": [
    usesTable("PAYMENTS_TABLE", data.payments, "GetItem", "PutItem"),
    knows("PROVIDER_URL", providerUrl),
    readsSecret("PROVIDER_SECRET_ARN", data.providerSecret),
  ],
});

const outboxNeeds = ({ data }: NeedsRequest) => {
  const sends = [
    sendsTo("SAGA_START_QUEUE_URL", data.sagaStartQueue.queue),
    sendsTo("ORDER_LIST_QUEUE_URL", data.orderListQueue.queue),
    sendsTo("RECOMMENDATIONS_QUEUE_URL", data.recommendationsQueue.queue),
  ];
  return {
    "outbox/relay": [...sends, publishesOn(data.bus)],
    "outbox/reconcile": [
      usesTable("ORDERS_TABLE", data.orders, "GetItem", "Query", "Scan"),
      usesTable("ORDER_LIST_TABLE", data.orderList, "GetItem"),
      usesTable("RECOMMENDATIONS_TABLE", data.recommendations, "GetItem"),
      ...sends,
    ],
    // Deployed for each consumer, which tells it all that it needs.
    "outbox/sweep": [],
  };
};
