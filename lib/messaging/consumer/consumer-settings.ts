/**
 * What can be set about a consumer. Checked when it is built, all mistakes at once, so that a wrong
 * number is found at deployment and not by a message.
 */
import { Failure, type FailureDetail } from "#kernel/failure";
import { type DurationMs, milliseconds } from "#kernel/units";

export type ConsumerSettings = {
  /**
   * Failed attempts at one message after which its stream halts. Default 5. Keep the queue's
   * `maxReceiveCount` >= 2 x this + 5, so that SQS dead-letters no healthy message meanwhile.
   */
  readonly attemptsMax: number;
  /**
   * How long a missing message is waited for before the stream is due for a sweep. Default 5
   * minutes. A message that failed and went back to the queue is missing, too, for those behind it:
   * keep this > (`attemptsMax` - 1) x the queue's visibility timeout.
   */
  readonly gapDeadlineMs: DurationMs;
  /**
   * When a parked message whose attempt failed is due to be tried again without new traffic.
   * Default 1 minute.
   */
  readonly retryDelayMs: DurationMs;
  /** Messages that one stream may park. Default 1,000. */
  readonly parkedMax: number;
  /**
   * Bytes of the parked messages that one head holds itself, as JSON; each further one is an item
   * of its own. Default 16 KiB.
   */
  readonly parkedBytesMax: number;
  /**
   * Bytes of a fold's state as JSON. Default and maximum 256 KiB: an item holds 400 KB.
   * Source: "Quotas in Amazon DynamoDB", item size.
   */
  readonly stateBytesMax: number;
  /** Bytes of one message's body. Default and maximum 256 KiB; larger ones are dead-lettered. */
  readonly bodyBytesMax: number;
  /** Streams of one batch that are worked on at once. Default 10. */
  readonly streamsAtOnceMax: number;
  /**
   * Streams that this sandbox remembers, each with its head and what its handler loaded. Default
   * 1,000. In memory that is up to this x (a fold's state + `parkedBytesMax`), about twice as long
   * as in JSON: with large states lower it, or give the function more.
   */
  readonly streamsCachedMax: number;
  /** No store request is begun with less than this left of the invocation. Default 1 second. */
  readonly deadlineMarginMs: number;
};

export const CONSUMER_DEFAULTS: ConsumerSettings = {
  attemptsMax: 5,
  gapDeadlineMs: milliseconds(300_000),
  retryDelayMs: milliseconds(60_000),
  parkedMax: 1_000,
  parkedBytesMax: 16_384,
  stateBytesMax: 262_144,
  bodyBytesMax: 262_144,
  streamsAtOnceMax: 10,
  streamsCachedMax: 1_000,
  deadlineMarginMs: 1_000,
};

/** [smallest, largest] of each, both allowed. */
const RANGES: Readonly<Record<keyof ConsumerSettings, readonly [number, number]>> = {
  attemptsMax: [1, 100],
  gapDeadlineMs: [1, 86_400_000],
  retryDelayMs: [1, 86_400_000],
  parkedMax: [1, 1_000],
  parkedBytesMax: [0, 65_536],
  stateBytesMax: [1, 262_144],
  bodyBytesMax: [1, 262_144],
  streamsAtOnceMax: [1, 1_000],
  streamsCachedMax: [0, 100_000],
  deadlineMarginMs: [0, 900_000],
};

/** The pointers to 1,000 parked messages, and what else a head keeps, need the rest of 400 KB. */
const IN_HEAD_BYTES_MAX = 278_528;

/**
 * @throws Failure `misconfigured` with a detail for every setting that is unknown or out of its
 * range.
 */
export function consumerSettings(given: Partial<ConsumerSettings> = {}): ConsumerSettings {
  const details: FailureDetail[] = [];
  for (const [name, value] of Object.entries(given)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as keyof ConsumerSettings] : undefined;
    const detail = range === undefined ? unknownSetting() : outOfRange(value, range);
    if (detail !== undefined) details.push({ pointer: `/${name}`, detail });
  }
  const { stateBytesMax, parkedBytesMax } = { ...CONSUMER_DEFAULTS, ...given };
  if (stateBytesMax + parkedBytesMax > IN_HEAD_BYTES_MAX) {
    const detail = `and parkedBytesMax together must be at most ${IN_HEAD_BYTES_MAX}; received ${
      stateBytesMax + parkedBytesMax
    }`;
    details.push({ pointer: "/stateBytesMax", detail });
  }
  if (details.length > 0) {
    const list = details.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ");
    throw new Failure("misconfigured", "reject", `Consumer settings: ${list}.`, { details });
  }
  return { ...CONSUMER_DEFAULTS, ...given };
}

const unknownSetting = (): string =>
  `is unknown; known are ${Object.keys(CONSUMER_DEFAULTS).join(", ")}`;

function outOfRange(value: unknown, [smallest, largest]: readonly [number, number]) {
  const holds =
    Number.isSafeInteger(value) && (value as number) >= smallest && (value as number) <= largest;
  if (holds) return undefined;
  return `must be an integer from ${smallest} to ${largest}; received ${String(value)}`;
}
