/**
 * What the operator's commands invoke directly (authorised by IAM, never over HTTP): loading and
 * registering.
 */
import * as z from "zod";
import { scopeField } from "./http/auth.ts";
import { newSkuField, productFields } from "./http/products.ts";
import { orderIdField, skuField } from "./http/fields.ts";
import { reasonField, resolveSagaBody } from "./http/sagas.ts";
import { refundIdField } from "./saga.ts";

export const IMPORT_MAX = 500;

/** Orders that one invocation verifies. */
export const LEDGER_ORDERS_MAX = 100;

/**
 * functions/products/import.ts: creates products, or changes what is given of them; repeating it
 * changes nothing. A product without a title gets its SKU for one.
 */
export const importProducts = z.strictObject({
  products: z
    .array(
      z.strictObject({
        sku: newSkuField,
        ...productFields,
        title: productFields.title.optional(),
        images: productFields.images.optional(),
        attributes: productFields.attributes.optional(),
        currency: z.string().regex(/^[A-Z]{3}$/),
        price: z.int().min(0),
        freight: z.int().min(0),
      }),
    )
    .min(1)
    .max(IMPORT_MAX),
});

/**
 * functions/inventory/receive.ts: brings what is available of each SKU up to a level; never lowers
 * it.
 */
export const receiveStock = z.strictObject({
  levels: z
    .array(z.strictObject({ sku: skuField, available: z.int().min(0).max(1_000_000_000) }))
    .min(1)
    .max(IMPORT_MAX),
});

/**
 * functions/users/register.ts: the secret is made there and answered once; only its hash is stored.
 */
export const registerClient = z.strictObject({
  clientId: z.string().regex(/^[a-z0-9-]{3,64}$/),
  scopes: z.array(scopeField).min(1),
});

export const registeredClient = z.strictObject({ clientId: z.string(), clientSecret: z.string() });

/**
 * functions/outbox/reconcile.ts: looks at the streams that were written to since then, by default
 * in the last 26 hours; milliseconds since the epoch.
 */
export const reconcileStreams = z.object({
  since: z.int().min(0).optional(),
  /** What was written less long ago may still be on its way. Default 300. */
  graceSeconds: z.int().min(0).max(86_400).optional(),
});

/** Orders that one invocation replays, within the short time of a consumer. */
export const REPLAY_MAX = 10;

/** functions/orders/project.ts, functions/products/count-baskets.ts: `lib/lambda/projection`. */
export const replayRequest = z.strictObject({
  replay: z.strictObject({
    generation: z.int().min(1),
    streams: z.array(orderIdField).min(1).max(REPLAY_MAX),
  }),
});

const streamCauses = z.array(z.strictObject({ stream: z.string(), cause: z.string() }));

export const replayAnswer = z.strictObject({ behind: streamCauses, halted: streamCauses });

/** functions/inventory/expire.ts: ends holds that have come to their end. */
export const expireStock = z.object({});

/** functions/inventory/verify.ts: checks the stock against itself. */
export const verifyStockRequest = z.object({});

const count = z.int().min(0);

export const stockVerification = z.strictObject({
  skus: count,
  /** Items with units: one for each SKU and one for each of its shards. */
  counters: count,
  holds: z.strictObject({
    held: count,
    committed: count,
    shipped: count,
    released: count,
    expired: count,
  }),
  /** Over all SKUs: `available + reserved + sold` is `received + adjusted`. */
  units: z.strictObject({
    available: z.int(),
    reserved: z.int(),
    sold: z.int(),
    received: z.int(),
    adjusted: z.int(),
  }),
  /** 0: every unit is accounted for. */
  differences: count,
  /** The first of them. */
  told: z.array(z.string()),
});

/** functions/webhooks/retry.ts: lets deliveries go on whose next attempt is due. */
export const retryWebhooks = z.object({
  /** What is due within this time counts as due. Default 0. */
  aheadSeconds: z.int().min(0).max(86_400).optional(),
});
/**
 * functions/payments/verify.ts: a part of the ledger, from where an earlier answer ended, or some
 * orders of it.
 */
export const verifyLedgerPart = z.union([
  z.strictObject({ cursor: z.string().max(2048).optional() }),
  z.strictObject({ orderIds: z.array(orderIdField).min(1).max(LEDGER_ORDERS_MAX) }),
]);

export const ledgerPart = z.strictObject({
  movements: z.int(),
  /** One for each currency; balanced when `provider` and `orders` sum to zero. */
  sums: z.array(
    z.strictObject({
      currency: z.string(),
      captured: z.int(),
      refunded: z.int(),
      provider: z.int(),
      orders: z.int(),
    }),
  ),
  faults: z.array(z.strictObject({ orderId: z.string(), faults: z.array(z.string()) })),
  next: z.string().optional(),
});

/** functions/payments/reconcile.ts: the clock sends an event of its own, which says nothing. */
export const reconcilePaymentsRun = z.object({ pages: z.int().min(1).max(1000).optional() });
const named = {
  orderId: orderIdField,
  author: z.string().min(1).max(200),
  reason: reasonField,
};

/** functions/orders/sagas.ts: without an action it is the watchdog, as the clock calls it. */
export const sagaRequest = z.union([
  z.strictObject({
    action: z.literal("watch").default("watch"),
    /** Orders that would be looked at within this time are looked at now. Default 0. */
    aheadSeconds: z.int().min(0).max(86_400).default(0),
  }),
  z.strictObject({ action: z.literal("list"), limit: z.int().min(1).max(500) }),
  z.strictObject({ action: z.literal("show"), orderId: orderIdField }),
  z.strictObject({
    action: z.literal("retry"),
    ...named,
    refundId: refundIdField.optional(),
  }),
  z.strictObject({ action: z.literal("resolve"), ...named, stated: resolveSagaBody }),
]);

export const importAnswer = z.strictObject({ written: z.int() });

export type ReplayRequest = z.infer<typeof replayRequest>;
export type SagaRequest = z.input<typeof sagaRequest>;
export type ImportProducts = z.infer<typeof importProducts>;
export type ReceiveStock = z.infer<typeof receiveStock>;
export type RegisterClient = z.infer<typeof registerClient>;
export type RegisteredClient = z.infer<typeof registeredClient>;
export type LedgerPart = z.infer<typeof ledgerPart>;
export type ImportAnswer = z.infer<typeof importAnswer>;
export type StockVerification = z.infer<typeof stockVerification>;
