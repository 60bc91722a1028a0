/**
 * The report of a replay: what the system answered about itself, judged against the file of real
 * orders.
 */
import * as z from "zod";

const percentiles = z.strictObject({
  count: z.int(),
  p50: z.number().optional(),
  p99: z.number().optional(),
});

export const replayReport = z.strictObject({
  /** Orders in file order. Every field comes from the API's answers. */
  orders: z.array(
    z.strictObject({
      externalReference: z.string(),
      orderId: z.string(),
      status: z.string(),
      approvedAt: z.string().optional(),
      handedToCarrierAt: z.string().optional(),
      deliveredAt: z.string().optional(),
      declined: z.boolean(),
      violations: z.array(z.string()),
      /** What differs from the file; empty for a right order. */
      wrong: z.array(z.string()),
    }),
  ),
  totals: z.strictObject({
    orders: z.int(),
    /** From the functions' metrics (EMF through CloudWatch: at least once). */
    requests: z.int(),
    messagesSent: z.int(),
    messagesApplied: z.int(),
    duplicatesDropped: z.int(),
    heldAndReleased: z.int(),
    /** Orders whose stream stands halted; expected ones are not wrong. */
    halted: z.int(),
    /** Reports that could never be applied and about which an operator's decision was made. */
    resolved: z.int(),
    /** Orders with at least one timestamp anomaly. */
    anomalies: z.int(),
    declined: z.int(),
    oversoldUnits: z.int(),
    wrongOrders: z.int(),
  }),
  /** Requests and writes of the hot paths, from the functions' metrics. */
  counters: z.strictObject({
    placeReadsPerOrder: z.number(),
    placeWritesPerOrder: z.number(),
    /** Of the ordered consumer, for each stream of each batch. */
    consumerWritesPerStream: z.number(),
    consumerReadsPerStream: z.number(),
    consumerBatches: z.int(),
    consumerStreams: z.int(),
    sagaTransitionsHappyPath: z.int(),
  }),
  /** What the shop's own verifications say of these orders, the tour's too, and of all stock. */
  money: z.strictObject({
    /** Minor units. */
    payments: z.int(),
    refunds: z.int(),
    /** What the orders say is paid and not paid back; payments less refunds are the same. */
    paidOrders: z.int(),
    ledgerBalanced: z.boolean(),
    /** Units that are in stock or were shipped; all that were loaded. */
    inStockAndSold: z.int(),
    loaded: z.int(),
    /** What does not agree; empty when all does. */
    wrong: z.array(z.string()),
  }),
  /** What the rest of the shop answered after the replay, walk by walk. */
  tour: z.array(
    z.strictObject({
      name: z.string(),
      seconds: z.number(),
      /** A wrong one is its walk's last. */
      steps: z.array(
        z.strictObject({
          step: z.string(),
          /** In words. */
          answered: z.string(),
          /** Of what it is about: an order, a cart, a product, a payment. */
          id: z.string(),
          wrong: z.array(z.string()),
        }),
      ),
    }),
  ),
  phases: z.array(z.strictObject({ name: z.string(), seconds: z.number() })),
  /** Milliseconds, as the client saw them. */
  api: percentiles,
  /** Milliseconds from accepted to applied, both by the server's clock. */
  messageToApplied: z.strictObject({ direct: percentiles, held: percentiles }),
  throughput: z.strictObject({ ordersPerSecond: z.number(), messagesPerSecond: z.number() }),
  options: z.strictObject({
    orders: z.int(),
    seed: z.int(),
    duplicates: z.number(),
    disorder: z.number(),
    poison: z.int(),
    resolve: z.enum(["skip", "replace"]).optional(),
    endpoint: z.string(),
  }),
});

export type ReplayReport = z.infer<typeof replayReport>;
