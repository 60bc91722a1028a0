/**
 * Which function needs what: the whole of the application's environment and rights on one page. The
 * mappings, the saga and the outbox add what they themselves require.
 */
import { ORDERS_BY_CUSTOMER } from "#contracts/indexes";
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

const agreeingNeeds = ({ data, providerUrl }: NeedsRequest): readonly Need[] => [
  usesTable("PAYMENTS_TABLE", data.payments, "GetItem", "PutItem", "UpdateItem", "Query", "Scan"),
  knows("PROVIDER_URL", providerUrl),
  readsSecret("PROVIDER_SECRET_ARN", data.providerSecret),
  publishesOn(data.bus),
];

const paymentsNeeds = ({ data, providerUrl, ...rest }: NeedsRequest) => ({
  "payments/webhook": [
    sendsTo("PAYMENT_REPORTS_QUEUE_URL", data.paymentReportsQueue.queue),
    readsSecret("PAYMENT_WEBHOOK_SECRET_ARN", data.paymentWebhookSecret),
  ],
  "payments/consume": agreeingNeeds({ data, providerUrl, ...rest }),
  "payments/reconcile": agreeingNeeds({ data, providerUrl, ...rest }),
  "payments/tasks": [
    usesTable("PAYMENTS_TABLE", data.payments, "GetItem", "PutItem"),
    knows("PROVIDER_URL", providerUrl),
    readsSecret("PROVIDER_SECRET_ARN", data.providerSecret),
  ],
  "payments/verify": [usesTable("PAYMENTS_TABLE", data.payments, "Query", "Scan")],
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
