/**
 * Which function needs what: the whole of the application's environment and rights on one page. The
 * mappings, the saga and the outbox add what they themselves require.
 */
import { WEBHOOK_TARGETS } from "#contracts/env";
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
import { SEARCH_SNAPSHOT_KEY } from "#contracts/search-snapshot";
import { putsClaimChecks } from "../constructs/claim-check-bucket.ts";
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
  type SharedCache,
  signsTokens,
  type TableAction,
  type TokenKeys,
  usesSearchDomain,
  usesSharedCache,
  usesTable,
  verifiesTokens,
} from "../constructs/need.ts";
import type { CacheSettings } from "../config/stage.ts";
import type { ApplicationFunction } from "../functions.ts";
import type { DataStack } from "./data.ts";
import { gatewayNeeds } from "./gateway-needs.ts";

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
  /** Of the stage. */
  readonly cache: CacheSettings;
  /** Absent where each sandbox has copies of its own only. */
  readonly sharedCache: SharedCache | undefined;
  /** Of the stage's features. */
  readonly loopbackWebhooks: boolean;
  /** Absent where searches run over the snapshot. */
  readonly searchDomain: SearchDomain | undefined;
};

export function applicationNeeds(request: NeedsRequest): Needs {
  return {
    ...gatewayNeeds(request),
    ...usersNeeds(request),
    ...productsNeeds(request),
    ...inventoryNeeds(request),
    ...ordersNeeds(request),
    ...paymentsNeeds(request),
    ...webhookNeeds(request),
    ...outboxNeeds(request),
  };
}

const usersNeeds = ({ data, tokens }: NeedsRequest) => ({
  "users/auth": [usesTable("CLIENTS_TABLE", data.clients, "GetItem"), signsTokens(tokens)],
  "users/jwks": [readsTokenKeys(tokens)],
  "users/register": [usesTable("CLIENTS_TABLE", data.clients, "PutItem")],
});

const productsNeeds = ({
  data,
  tokens,
  searchLookSeconds,
  cache,
  sharedCache,
  searchDomain,
}: NeedsRequest) => ({
  "products/http": [
    usesTable("PRODUCTS_TABLE", data.products, "GetItem", "PutItem", "UpdateItem"),
    knows("PRODUCT_FRESH_SECONDS", String(cache.freshSeconds)),
    ...(sharedCache === undefined
      ? []
      : [
          usesSharedCache(sharedCache),
          knows("CACHE_FRESH_SECONDS", String(cache.sharedFreshSeconds)),
        ]),
    ...Object.values(PRODUCT_SHELVES).map(({ name }) =>
      queriesIndex("PRODUCTS_TABLE", data.products, name),
    ),
    usesTable("REVIEWS_TABLE", data.reviews, "GetItem", "PutItem"),
    queriesIndex("REVIEWS_TABLE", data.reviews, PUBLISHED_REVIEWS.name),
    // Whether a reviewer has bought what he writes about stands in his own order.
    usesTable("ORDERS_TABLE", data.orders, "Query"),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
    verifiesTokens(tokens),
  ],
  "products/outdate-copies": sharedCache === undefined ? [] : [usesSharedCache(sharedCache)],
  "products/import": [
    usesTable("PRODUCTS_TABLE", data.products, "BatchGetItem", "PutItem", "UpdateItem"),
  ],
  "products/search": [
    ...(searchDomain === undefined
      ? [
          readsObject("CATALOGUE_BUCKET", data.catalogue, SEARCH_SNAPSHOT_KEY),
          knows("SEARCH_LOOK_SECONDS", String(searchLookSeconds)),
        ]
      : [usesSearchDomain(searchDomain)]),
    queriesIndex("RECOMMENDATIONS_TABLE", data.recommendations, BOUGHT_WITH.name),
    // Which generation of it is read.
    usesTable("RECOMMENDATIONS_TABLE", data.recommendations, "GetItem"),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
  ],
  "products/count-baskets": [
    usesTable("RECOMMENDATIONS_TABLE", data.recommendations, "UpdateItem"),
    // What is counted anew, it reads from the orders.
    usesTable("ORDERS_TABLE", data.orders, "Query"),
    putsClaimChecks(data.claimChecks),
  ],
  "products/build-search": [
    searchDomain === undefined
      ? replacesObject("CATALOGUE_BUCKET", data.catalogue, SEARCH_SNAPSHOT_KEY)
      : usesSearchDomain(searchDomain),
  ],
});

const inventoryNeeds = ({ data, tokens }: NeedsRequest) => {
  const movesUnits = usesTable(
    "STOCK_TABLE",
    data.stock,
    "BatchGetItem",
    "GetItem",
    "PutItem",
    "UpdateItem",
  );
  return {
    "inventory/http": [
      movesUnits,
      queriesIndex("STOCK_TABLE", data.stock, ADJUSTMENTS_BY_SKU.name),
      readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
      keepsAnswers(data.idempotency),
      verifiesTokens(tokens),
    ],
    "inventory/expire": [
      usesTable("STOCK_TABLE", data.stock, "GetItem", "UpdateItem"),
      queriesIndex("STOCK_TABLE", data.stock, EXPIRING_HOLDS.name),
    ],
    "inventory/receive": [movesUnits],
    "inventory/ship": [usesTable("STOCK_TABLE", data.stock, "GetItem", "UpdateItem")],
    "inventory/tasks": [movesUnits],
    "inventory/verify": [usesTable("STOCK_TABLE", data.stock, "Scan")],
  };
};

/** Tokens of reviews are dropped; an operator's word is compared with the steps' records. */
const changesOrders = (data: DataStack): readonly Need[] => [
  usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query", "DeleteItem"),
  queriesIndex("ORDER_LIST_TABLE", data.orderList, ORDERS_TO_WATCH.name),
  // Which generation of it is read.
  usesTable("ORDER_LIST_TABLE", data.orderList, "GetItem"),
  usesTable("PAYMENTS_TABLE", data.payments, "GetItem"),
  usesTable("STOCK_TABLE", data.stock, "GetItem"),
];

const ordersNeeds = ({ data, tokens, gapRetrySeconds }: NeedsRequest) => ({
  "orders/http": [
    ...changesOrders(data),
    usesTable("CARTS_TABLE", data.carts, "GetItem", "UpdateItem"),
    usesTable("PRODUCTS_TABLE", data.products, "BatchGetItem"),
    queriesIndex("ORDER_LIST_TABLE", data.orderList, ORDERS_BY_CUSTOMER.name),
    queriesIndex("ORDER_LIST_TABLE", data.orderList, ORDERS_BY_STATUS.name),
    readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
    verifiesTokens(tokens),
  ],
  // Anybody may call it, so it can read whether an order was given up and write none.
  "orders/cart": [
    usesTable("CARTS_TABLE", data.carts, "GetItem", "PutItem"),
    usesTable("PRODUCTS_TABLE", data.products, "BatchGetItem"),
    usesTable("ORDERS_TABLE", data.orders, "Query"),
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
    putsClaimChecks(data.claimChecks),
  ],
  // The rights to the sagas follow where those are made.
  "orders/start-saga": [usesTable("ORDERS_TABLE", data.orders, "PutItem", "Query")],
  "orders/sagas": changesOrders(data),
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
  "payments/consume": [
    ...agreeingNeeds({ data, providerUrl, ...rest }),
    sendsTo("INORDER_DEAD_LETTER_QUEUE_URL", data.paymentReportsQueue.deadLetterQueue),
  ],
  "payments/reconcile": agreeingNeeds({ data, providerUrl, ...rest }),
  "payments/tasks": [
    usesTable("PAYMENTS_TABLE", data.payments, "GetItem", "PutItem"),
    knows("PROVIDER_URL", providerUrl),
    readsSecret("PROVIDER_SECRET_ARN", data.providerSecret),
  ],
  "payments/verify": [usesTable("PAYMENTS_TABLE", data.payments, "Query", "Scan")],
});

const webhookNeeds = ({ data, tokens, loopbackWebhooks }: NeedsRequest) => {
  const { public: everywhere, publicAndLoopback } = WEBHOOK_TARGETS;
  const guarded = knows("WEBHOOK_TARGETS", loopbackWebhooks ? publicAndLoopback : everywhere);
  const delivers = sendsTo("WEBHOOK_DELIVERY_QUEUE_URL", data.webhookDeliveryQueue.queue);
  const uses = (...actions: readonly TableAction[]) =>
    usesTable("WEBHOOKS_TABLE", data.webhooks, ...actions);
  return {
    "webhooks/http": [
      uses("GetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"),
      guarded,
      keepsAnswers(data.idempotency),
      readsSecret("CURSOR_SECRET_ARN", data.cursorSecret),
      verifiesTokens(tokens),
    ],
    // Whose order it is says the order's first commit; what is missing of it, its stream.
    "webhooks/plan": [
      usesTable("ORDERS_TABLE", data.orders, "GetItem", "Query"),
      uses("GetItem", "Query", "PutItem"),
      sendsTo("WEBHOOK_PLAN_QUEUE_URL", data.webhookPlanQueue.queue),
      putsClaimChecks(data.claimChecks),
    ],
    "webhooks/relay": [delivers, publishesOn(data.bus)],
    // Talks to strangers: it can read no order, only what has been planned for them.
    "webhooks/deliver": [
      uses("BatchGetItem", "Query", "PutItem", "DeleteItem"),
      guarded,
      delivers,
      putsClaimChecks(data.claimChecks),
    ],
    "webhooks/retry": [
      queriesIndex("WEBHOOKS_TABLE", data.webhooks, WEBHOOK_RETRIES.name),
      delivers,
    ],
  };
};

const outboxNeeds = ({ data }: NeedsRequest) => {
  const sends = [
    sendsTo("SAGA_START_QUEUE_URL", data.sagaStartQueue.queue),
    sendsTo("ORDER_LIST_QUEUE_URL", data.orderListQueue.queue),
    sendsTo("WEBHOOK_PLAN_QUEUE_URL", data.webhookPlanQueue.queue),
    sendsTo("RECOMMENDATIONS_QUEUE_URL", data.recommendationsQueue.queue),
  ];
  return {
    "outbox/relay": [...sends, publishesOn(data.bus)],
    "outbox/reconcile": [
      usesTable("ORDERS_TABLE", data.orders, "GetItem", "Query", "Scan"),
      usesTable("ORDER_LIST_TABLE", data.orderList, "GetItem"),
      usesTable("WEBHOOKS_TABLE", data.webhooks, "GetItem", "Query", "Scan"),
      usesTable("RECOMMENDATIONS_TABLE", data.recommendations, "GetItem"),
      sendsTo("WEBHOOK_DELIVERY_QUEUE_URL", data.webhookDeliveryQueue.queue),
      ...sends,
    ],
    // Deployed for each consumer, which tells it all that it needs.
    "outbox/sweep": [],
  };
};
