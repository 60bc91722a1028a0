/**
 * The message that an accepted fulfilment webhook becomes: stream = order, sequence = the sender's
 * number.
 */
import * as z from "zod/mini";
import "./english.ts";
import { FULFILMENT_STATUSES } from "../order-words.ts";

export const FULFILMENT_SOURCE = "urn:inorder:webhooks:fulfilment";
export const FULFILMENT_TYPE = "fulfilment.reported";

export const fulfilmentData = z.strictObject({
  report: z.enum(["approved", "handed-to-carrier", "delivered", "final-status"]),
  status: z.optional(z.enum(FULFILMENT_STATUSES)),
  /** Milliseconds since the epoch, by our webhook function's clock. */
  receivedAt: z.int().check(z.minimum(0)),
});

export type FulfilmentData = z.infer<typeof fulfilmentData>;
