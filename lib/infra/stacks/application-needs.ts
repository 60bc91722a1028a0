/**
 * Which function needs what: the whole of the application's environment and rights on one page. The
 * mappings, the saga and the outbox add what they themselves require.
 */
import { ORDERS_BY_CUSTOMER, ORDERS_TO_WATCH } from "#contracts/indexes";
import {
  keepsAnswers,
  knows,
  type Need,
  publishesOn,
  queriesIndex,
  readsSecret,
  readsTokenKeys,
  sendsTo,
  signsTokens,
  type TokenKeys,
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

const productsNeeds = ({ data }: NeedsRequest) => ({
  "products/http": [
    usesTable("PRODUCTS_TABLE", data.products, "GetItem", "Scan"),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
  ],
  "products/import": [usesTable("PRODUCTS_TABLE", data.products, "BatchWriteItem")],
});

const inventoryNeeds = ({ data, tokens }: NeedsRequest) => ({
  "inventory/http": [
    usesTable("STOCK_TABLE", data.stock, "BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
    keepsAnswers(data.idempotency),
    verifiesTokens(tokens),
  ],
  "inventory/receive": [
    usesTable("STOCK_TABLE", data.stock, "BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
  ],
  "inventory/tasks": [
    usesTable("STOCK_TABLE", data.stock, "BatchGetItem", "GetItem", "PutItem", "UpdateItem"),
  ],
});

/** Tokens of reviews are dropped; an operator's word is compared with the steps' records. */
const changesOrders = (data: DataStack): readonly Need[] => [
  usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query", "DeleteItem"),
  queriesIndex("ORDER_LIST_TABLE", data.orderList, ORDERS_TO_WATCH.name),
  usesTable("PAYMENTS_TABLE", data.payments, "GetItem"),
  usesTable("STOCK_TABLE", data.stock, "GetItem"),
];

const ordersNeeds = ({ data, tokens, gapRetrySeconds }: NeedsRequest) => ({
  "orders/http": [
    ...changesOrders(data),
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
  // The rights to the sagas follow where those are made.
  "orders/start-saga": [usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query")],
  "orders/sagas": changesOrders(data),
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
  ];
  return {
    "outbox/relay": [...sends, publishesOn(data.bus)],
    "outbox/reconcile": [
      usesTable("ORDERS_TABLE", data.orders, "GetItem", "Query", "Scan"),
      usesTable("ORDER_LIST_TABLE", data.orderList, "GetItem"),
      ...sends,
    ],
    // Deployed for each consumer, which tells it all that it needs.
    "outbox/sweep": [],
  };
};
