/**
 * What the operator's commands invoke directly (authorised by IAM, never over HTTP): loading and
 * registering.
 */
import * as z from "zod";
import { scopeField } from "./http/auth.ts";
import { orderIdField, skuField } from "./http/fields.ts";
import { reasonField, resolveSagaBody } from "./http/sagas.ts";
import { refundIdField } from "./saga.ts";

export const IMPORT_MAX = 500;

/** functions/products/import.ts: creates or replaces; repeating it changes nothing. */
export const importProducts = z.strictObject({
  products: z
    .array(
      z.strictObject({
        sku: skuField,
        category: z.string().min(1).max(64).optional(),
        currency: z.string().regex(/^[A-Z]{3}$/),
        price: z.int().min(0),
        freight: z.int().min(0),
        weightGrams: z.int().min(0).optional(),
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

const named = {
  orderId: orderIdField,
  author: z.string().min(1).max(200),
  reason: reasonField,
};

/** functions/orders/sagas.ts: without an action it is the watchdog, as the clock calls it. */
export const sagaRequest = z.union([
  z.strictObject({ action: z.literal("watch").default("watch") }),
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

export type SagaRequest = z.input<typeof sagaRequest>;
export type ImportProducts = z.infer<typeof importProducts>;
export type ReceiveStock = z.infer<typeof receiveStock>;
export type RegisterClient = z.infer<typeof registerClient>;
export type RegisteredClient = z.infer<typeof registeredClient>;
export type ImportAnswer = z.infer<typeof importAnswer>;
