/**
 * The message that an accepted fulfilment webhook becomes: stream = order, sequence = the sender's
 * number.
 */
import * as z from "zod";

export const FULFILMENT_SOURCE = "urn:inorder:webhooks:fulfilment";
export const FULFILMENT_TYPE = "fulfilment.reported";

export const fulfilmentData = z.strictObject({
  report: z.enum(["approved", "handed-to-carrier", "delivered", "final-status"]),
  status: z
    .enum([
      "created",
      "approved",
      "processing",
      "invoiced",
      "shipped",
      "delivered",
      "unavailable",
      "canceled",
    ])
    .optional(),
  /** Milliseconds since the epoch, by our webhook function's clock. */
  receivedAt: z.int().min(0),
});

export type FulfilmentData = z.infer<typeof fulfilmentData>;
