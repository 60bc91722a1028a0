/**
 * Requests and answers about sagas, for operators.
 */
import * as z from "zod";
import { ORDER_STATUSES, REJECTION_REASONS } from "../order-words.ts";
import { instantField, limitField, orderIdField, writtenField } from "./fields.ts";

/** For the order's timeline, which is the audit. */
export const reasonField = writtenField(500);

export const listSagasQuery = z.strictObject({
  status: z.literal("stuck"),
  limit: limitField,
});

export const sagaList = z.strictObject({
  sagas: z.array(z.strictObject({ orderId: orderIdField, since: instantField })),
});

export const sagaView = z.strictObject({
  orderId: orderIdField,
  status: z.enum(ORDER_STATUSES),
  /** How often it has been started again. */
  run: z.int(),
  /** Names of the executions that are to end by themselves. */
  underWay: z.array(z.string()),
  attention: z.array(
    z.strictObject({
      /** Absent: the order's saga. */
      refundId: z.string().optional(),
      run: z.int(),
      kind: z.enum(["failed", "late"]),
      cause: z.string(),
    }),
  ),
  review: z
    .strictObject({
      deadline: instantField,
      decision: z.enum(["approved", "declined", "expired"]).optional(),
    })
    .optional(),
  cancelRequested: z.boolean(),
  links: z.strictObject({ order: z.string(), events: z.string() }),
});

export const retrySagaBody = z.strictObject({
  reason: reasonField,
  /** Of the refund that is stuck; absent: the order's saga. */
  refundId: writtenField(26).optional(),
});

export const resolveSagaBody = z.discriminatedUnion("outcome", [
  z.strictObject({
    outcome: z.literal("confirmed"),
    paymentId: writtenField(200),
    reason: reasonField,
  }),
  // Paid for, and nothing to send: everything is paid back.
  z.strictObject({
    outcome: z.literal("cancelled"),
    paymentId: writtenField(200),
    reason: reasonField,
  }),
  z.strictObject({
    outcome: z.literal("rejected"),
    /** What the customer is told. */
    rejection: z.strictObject({
      reason: z.enum(REJECTION_REASONS),
      detail: writtenField(2048),
    }),
    reason: reasonField,
  }),
]);

export type SagaList = z.infer<typeof sagaList>;
export type SagaView = z.infer<typeof sagaView>;
export type ResolveSagaBody = z.infer<typeof resolveSagaBody>;
