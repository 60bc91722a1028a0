/**
 * What the functions counted themselves during a run: the difference of their metrics before and
 * after it. Metrics are written at least once, so a counter may exceed the truth after a crash; it
 * never is the generator's own memory.
 */
import { METRICS, type MetricName, SERVICES, type ServiceName } from "#contracts/metrics";
import type { Clock } from "#kernel/clock";
import { type EpochMs, milliseconds } from "#kernel/units";

export type MetricQuery = { readonly metric: MetricName; readonly service: ServiceName };

/** Sums since `from`, in the order of the queries; 0 for what was never counted. */
export type MetricReader = (
  queries: readonly MetricQuery[],
  from: EpochMs,
) => Promise<readonly number[]>;

export type QuietSettings = {
  readonly everyMs: number;
  /** Equal readings in a row that count as final once every sent message is accounted for. */
  readonly readings: number;
  /** Equal readings in a row that count as final even so. */
  readonly readingsUnaccounted: number;
  readonly limitMs: number;
};

const { fulfilment, orders } = SERVICES;

const SOURCES = {
  requests: [
    { metric: METRICS.requests, service: SERVICES.gateway },
    { metric: METRICS.requests, service: SERVICES.users },
    { metric: METRICS.requests, service: SERVICES.products },
    { metric: METRICS.requests, service: SERVICES.inventory },
    { metric: METRICS.requests, service: orders },
  ],
  ordersPlaced: [{ metric: METRICS.ordersPlaced, service: orders }],
  ordersRepeated: [{ metric: METRICS.ordersRepeated, service: orders }],
  placeReads: [{ metric: METRICS.placeReads, service: orders }],
  placeWrites: [{ metric: METRICS.placeWrites, service: orders }],
  messagesSent: [{ metric: METRICS.messagesSent, service: orders }],
  messagesApplied: [{ metric: METRICS.messagesApplied, service: fulfilment }],
  duplicatesDropped: [{ metric: METRICS.duplicatesDropped, service: fulfilment }],
  heldReleased: [{ metric: METRICS.heldReleased, service: fulfilment }],
  streamsHalted: [{ metric: METRICS.streamsHalted, service: fulfilment }],
  consumerReads: [{ metric: METRICS.consumerReads, service: fulfilment }],
  consumerWrites: [{ metric: METRICS.consumerWrites, service: fulfilment }],
  consumerBatches: [{ metric: METRICS.consumerBatches, service: fulfilment }],
  consumerStreams: [{ metric: METRICS.consumerStreams, service: fulfilment }],
} as const satisfies Readonly<Record<string, readonly MetricQuery[]>>;

export type CounterName = keyof typeof SOURCES;
export type Counters = Readonly<Record<CounterName, number>>;

const NAMES = Object.keys(SOURCES) as readonly CounterName[];
const QUERIES = NAMES.flatMap((name) => SOURCES[name].map((query) => ({ name, query })));

export async function readCounters(read: MetricReader, from: EpochMs): Promise<Counters> {
  const sums = await read(
    QUERIES.map(({ query }) => query),
    from,
  );
  const counters = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<
    CounterName,
    number
  >;
  for (const [index, { name }] of QUERIES.entries()) counters[name] += sums[index] ?? 0;
  return counters;
}

export const difference = (after: Counters, before: Counters): Counters =>
  Object.fromEntries(NAMES.map((name) => [name, after[name] - before[name]])) as Counters;

/**
 * Metrics arrive late: reads until they no longer change, and answers the last reading when the
 * limit passes.
 */
export async function quietCounters(
  ports: { readonly read: MetricReader; readonly clock: Clock; readonly settings: QuietSettings },
  from: EpochMs,
  before: Counters,
): Promise<Counters> {
  const { read, clock, settings } = ports;
  const deadline = clock.now() + settings.limitMs;
  let last = difference(await readCounters(read, from), before);
  let equal = 1;
  for (;;) {
    const enough = isAccounted(last) ? settings.readings : settings.readingsUnaccounted;
    if (equal >= enough || clock.now() >= deadline) return last;
    await clock.sleep(milliseconds(settings.everyMs));
    const next = difference(await readCounters(read, from), before);
    equal = NAMES.every((name) => next[name] === last[name]) ? equal + 1 : 1;
    last = next;
  }
}

/** Every accepted message was applied or dropped; those behind a halt never are. */
const isAccounted = ({ messagesSent, messagesApplied, duplicatesDropped }: Counters): boolean =>
  messagesApplied + duplicatesDropped >= messagesSent;
