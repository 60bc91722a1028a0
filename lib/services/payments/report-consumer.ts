/**
 * A batch of the provider's reports, by the rank of what they say: providers do not number them,
 * repeat them and send them in any order, so what is older than what was heard before is counted
 * and left alone.
 */
import {
  PAYMENT_REPORTED,
  type PaymentReported,
  paymentReported,
} from "#contracts/events/payment-events";
import { METRICS, type MetricName } from "#contracts/metrics";
import { milliseconds } from "#kernel/units";
import { type Deadline, type DeadLetters, decode, type QueueRecord } from "#messaging";
import {
  byVersion,
  idempotentBatch,
  type IdempotencyStore,
  type ItemAnswer,
} from "#messaging/idempotency/index";
import { rankOf } from "./accept-report.ts";
import type { Heard } from "./hear-report.ts";

export type ReportConsumerOptions = {
  readonly store: IdempotencyStore;
  /** Takes what is no report, and what contradicts an earlier one. */
  readonly deadLetters: DeadLetters;
  readonly count: (metric: MetricName) => void;
  readonly warn: (message: string, fields: { readonly error: unknown }) => void;
  readonly hear: (report: PaymentReported) => Promise<Heard>;
};

type Item = { readonly record: QueueRecord; readonly report: PaymentReported };

/**
 * Of one report, as short as the shortest invocation allows. A run that takes longer is taken over,
 * which does no harm: what it records, it records once.
 */
const EFFECT_MS_MAX = milliseconds(1_500);

/** Answers the receipts of what has to come again: what is early, or could not be looked into. */
export function reportConsumer(options: ReportConsumerOptions) {
  const { store, deadLetters, count, warn, hear } = options;
  const run = idempotentBatch<Item>({
    name: "payment-reports",
    store,
    strategy: byVersion({
      entity: ({ report }) => report.paymentId,
      version: ({ report }) => rankOf(report),
      payload: ({ report }) => report,
    }),
    effect: async ({ report }) => {
      const heard = await hear(report);
      if (heard === "recorded") count(METRICS.paymentReportsRecorded);
      return heard;
    },
    effectMsMax: EFFECT_MS_MAX,
    leaseMs: milliseconds(4_000),
    keepMs: milliseconds(30 * 86_400_000),
    whenInFlight: { kind: "refuse" },
    // One after the other: what is said of one payment must not be in its own way.
    afterFailure: "go-on",
  });

  return async (
    records: readonly QueueRecord[],
    deadline: Deadline,
  ): Promise<{ readonly notDurable: readonly string[] }> => {
    const read = records.map((record) => ({ record, report: reportIn(record) }));
    const isItem = (one: (typeof read)[number]): one is Item => one.report !== undefined;
    const items = read.filter(isItem);
    const unreadable = read.filter((one) => !isItem(one));
    const answers = await run(items, deadline);
    const ends = [
      ...unreadable.map(({ record }) =>
        buried(deadLetters, record, "it is no report of a payment"),
      ),
      ...items.map(({ record }, index) => ended(record, answers[index])),
    ];
    const notDurable = await Promise.all(ends);
    return { notDurable: notDurable.filter((receiptId) => receiptId !== undefined) };
  };

  /** Answers the receipt if the record has to come again. */
  async function ended(
    record: QueueRecord,
    answer: ItemAnswer | undefined,
  ): Promise<string | undefined> {
    switch (answer?.kind) {
      case "ran":
      case "replayed":
        return undefined;
      case "stale":
        count(METRICS.paymentReportsLate);
        return undefined;
      case "failed":
        warn("A report was not taken.", { error: answer.failure });
        if (answer.failure.action === "retry") return record.receiptId;
        return await buried(deadLetters, record, answer.failure.message);
      case "not-begun":
      case undefined:
        return record.receiptId;
      default:
        return answer satisfies never;
    }
  }
}

/** Answers the receipt of a record that could not be buried: it comes again. */
async function buried(
  deadLetters: DeadLetters,
  record: QueueRecord,
  cause: string,
): Promise<string | undefined> {
  return await deadLetters.bury(record, cause).then(
    () => undefined,
    () => record.receiptId,
  );
}

function reportIn({ body }: QueueRecord): PaymentReported | undefined {
  const decoded = decode(body);
  if (decoded.kind !== "message" || decoded.message.type !== PAYMENT_REPORTED) return undefined;
  const report = paymentReported.safeParse(decoded.message.data);
  return report.success ? report.data : undefined;
}
