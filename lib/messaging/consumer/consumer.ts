/**
 * The consumer: applies every message of a batch once and in order within its stream, and answers
 * which messages are not durable. Streams run side by side; what happens in one never costs a
 * message of another anything.
 */
import type { Clock } from "#kernel/clock";
import type { NewId } from "#kernel/ids";
import type { Json } from "#kernel/json";
import type { ClaimCheckStore } from "../envelope/claim-check.ts";
import { decode } from "../envelope/decode.ts";
import type { HeadStore } from "../head/head-store.ts";
import type { Arrival } from "../plan/arrival.ts";
import { startAt, type StartAt } from "../plan/start-at.ts";
import { type RecoveryPolicies, recoveryPolicies } from "../violation/recovery.ts";
import type { Redelivery } from "../violation/redelivery.ts";
import { concurrently } from "./concurrently.ts";
import { type BatchPart, burialRun, untilNear } from "./batch-part.ts";
import type { Observe } from "./consumer-event.ts";
import { type ConsumerReport, newTally } from "./consumer-report.ts";
import { type ConsumerSettings, consumerSettings } from "./consumer-settings.ts";
import type { EffectsHandler, ExternalHandler, FoldHandler } from "./handler.ts";
import {
  effectsHandling,
  externalHandling,
  failureOf,
  foldHandling,
  type Handling,
} from "./handling.ts";
import { type HeadAccess, headAccess } from "./head-access.ts";
import type { Deadline, DeadLetters, QueueRecord } from "./queue-record.ts";
import { streamCache } from "./stream-cache.ts";
import type { StreamContext } from "./stream-context.ts";
import { streamRun } from "./stream-run.ts";

export type OrderedConsumerOptions<Handler, Write> = {
  readonly handler: Handler;
  /** Where this consumer's heads are; no other consumer may share them. */
  readonly heads: HeadStore<Write>;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
  readonly newId: NewId;
  /** What is left out has the default of `ConsumerSettings`. */
  readonly settings?: Partial<ConsumerSettings>;
  /** Where a stream that was never seen begins. Default `first`. */
  readonly startAt?: StartAt;
  /** What is done about violations. What is left out has its default. */
  readonly recovery?: Partial<RecoveryPolicies>;
  /** Asks the producer's store for what is missing; needed by the recovery of that name. */
  readonly redelivery?: Redelivery;
  /** Where senders store data that is too large for the queue. Without it a claim check halts. */
  readonly claimChecks?: ClaimCheckStore;
  /**
   * Which partition (message group) a stream is routed to. Default: one for each stream, by its
   * name.
   */
  readonly groupOf?: (stream: string) => string;
  /**
   * Told what a log or an alarm wants to know. What it throws is ignored: watching must not cost a
   * message.
   */
  readonly observe?: Observe;
};

export type BatchAnswer = {
  /**
   * Receipt ids of exactly the records that are neither applied, parked nor dead-lettered, in the
   * order of the batch.
   */
  readonly notDurable: readonly string[];
  readonly report: ConsumerReport;
};

export type OrderedConsumer = {
  /** Any number of records, of any streams. Never throws. */
  consume(records: readonly QueueRecord[], deadline: Deadline): Promise<BatchAnswer>;
};

/**
 * Built once for each sandbox: it remembers heads from batch to batch. Throws `Failure`
 * `misconfigured`.
 */
export function orderedConsumer<State extends Json>(
  options: OrderedConsumerOptions<FoldHandler<State>, never>,
): OrderedConsumer;
export function orderedConsumer<Loaded, Write>(
  options: OrderedConsumerOptions<EffectsHandler<Loaded, Write>, Write>,
): OrderedConsumer;
export function orderedConsumer(
  options: OrderedConsumerOptions<ExternalHandler, never>,
): OrderedConsumer;
export function orderedConsumer<State extends Json, Loaded, Write>(
  options: OrderedConsumerOptions<
    FoldHandler<State> | EffectsHandler<Loaded, Write> | ExternalHandler,
    Write
  >,
): OrderedConsumer {
  const { handler } = options;
  const settings = consumerSettings(options.settings);
  switch (handler.kind) {
    case "fold":
      return consumerOf(foldHandling<State, Write>(handler, settings.stateBytesMax), options);
    case "effects":
      return consumerOf(effectsHandling(handler), options);
    case "external":
      return consumerOf(externalHandling<Write>(handler), options, handler);
    default:
      return handler satisfies never;
  }
}

function consumerOf<Held, Write>(
  handling: Handling<Held, Write>,
  options: OrderedConsumerOptions<unknown, Write>,
  external?: ExternalHandler,
): OrderedConsumer {
  const { heads, clock, newId, groupOf, redelivery, claimChecks } = options;
  const settings = consumerSettings(options.settings);
  const recovery = recoveryPolicies(options.recovery, redelivery !== undefined);
  const from = startAt(options.startAt);
  const cache = streamCache<Held>(settings.streamsCachedMax);
  const observe = quietly(options.observe);

  return {
    async consume(records, deadline) {
      const tally = newTally();
      const returned = new Set<QueueRecord>();
      const access = headAccess(heads, {
        deadline,
        marginMs: settings.deadlineMarginMs,
        tally,
        newId,
      });
      const bury = burial(options.deadLetters, access, observe);
      const context: StreamContext<Held, Write> = {
        handling,
        bounds: heads.bounds,
        access,
        cache,
        settings,
        recovery,
        startAt: from,
        redelivery,
        claimChecks,
        external,
        newId,
        clock,
        tally,
        observe,
        bury,
      };

      const { streams, undecodable, unrouted } = sorted(records, settings.bodyBytesMax, groupOf);
      for (const { record, error } of unrouted) {
        returned.add(record);
        observe({ kind: "returned", receiptIds: [record.receiptId], why: "unexpected", error });
      }
      const parts: readonly BatchPart[] = [
        ...[...streams].map(([stream, arrivals]) => streamRun(context, stream, arrivals)),
        ...undecodable.map(({ record, cause }) => burialRun(context, record, cause)),
      ];
      const works = parts.map((part) => () => part.toEnd());
      await untilNear(concurrently(works, settings.streamsAtOnceMax), deadline, settings);
      for (const part of parts) {
        for (const record of part.cutOff()) returned.add(record);
      }

      const notDurable = records
        .filter((record) => returned.has(record))
        .map(({ receiptId }) => receiptId);
      tally.add("returned", notDurable.length);
      return { notDurable, report: tally.report() };
    },
  };
}

type Sorted = {
  readonly streams: ReadonlyMap<string, readonly Arrival[]>;
  readonly undecodable: readonly { readonly record: QueueRecord; readonly cause: string }[];
  /** Nobody could say which partition their stream is routed to. */
  readonly unrouted: readonly { readonly record: QueueRecord; readonly error: Error }[];
};

/** Each stream's messages in the order in which they came. */
function sorted(
  records: readonly QueueRecord[],
  bodyBytesMax: number,
  groupOf: (stream: string) => string = (stream) => stream,
): Sorted {
  const streams = new Map<string, Arrival[]>();
  const undecodable: { record: QueueRecord; cause: string }[] = [];
  const unrouted: { record: QueueRecord; error: Error }[] = [];
  for (const record of records) {
    const decoded = decode(record.body, bodyBytesMax);
    if (decoded.kind === "malformed") {
      undecodable.push({ record, cause: `malformed: ${decoded.cause}` });
      continue;
    }
    const { stream } = decoded.kind === "message" ? decoded.message : decoded.control;
    try {
      const arrival = { record, content: decoded, groupExpected: groupOf(stream) };
      const arrivals = streams.get(stream);
      if (arrivals === undefined) streams.set(stream, [arrival]);
      else arrivals.push(arrival);
    } catch (error) {
      unrouted.push({ record, error: failureOf(error) });
    }
  }
  return { streams, undecodable, unrouted };
}

const quietly =
  (observe: Observe | undefined): Observe =>
  (event) => {
    try {
      observe?.(event);
    } catch {
      // Whoever watches has a fault of his own; the messages have none.
    }
  };

/** Dead-letters a record; answers whether it is durable there. */
const burial =
  (deadLetters: DeadLetters, { isLate }: Pick<HeadAccess<never>, "isLate">, observe: Observe) =>
  async (record: QueueRecord, cause: string): Promise<boolean> => {
    const { receiptId } = record;
    if (isLate()) {
      observe({ kind: "returned", receiptIds: [receiptId], why: "deadline-near" });
      return false;
    }
    try {
      await deadLetters.bury(record, cause);
    } catch (thrown) {
      const error = failureOf(thrown);
      observe({ kind: "returned", receiptIds: [receiptId], why: "dead-letters-failed", error });
      return false;
    }
    observe({ kind: "dead-lettered", receiptId, cause });
    return true;
  };
