// The functions' own metrics: a difference of two readings, and the second one only when they are
// quiet.
import { expect, test } from "vitest";
import { METRICS, SERVICES } from "#contracts/metrics";
import type { EpochMs } from "#kernel/units";
import { difference, type MetricReader, quietCounters, readCounters } from "#replay/counters";
import { steppingClock } from "../../support/stepping-clock.ts";

const FROM = 0 as EpochMs;

type Reading = Readonly<Partial<Record<string, number>>>;

/** One reading after the other, the last one for ever; keys are `metric` or `metric/service`. */
function readings(...all: readonly Reading[]): MetricReader & { readonly asked: () => number } {
  let asked = 0;
  const read: MetricReader = async (queries) => {
    const now = all[Math.min(asked, all.length - 1)] ?? {};
    asked += 1;
    return queries.map(({ metric, service }) => now[`${metric}/${service}`] ?? now[metric] ?? 0);
  };
  return Object.assign(read, { asked: () => asked });
}

const settings = { everyMs: 100, readings: 2, readingsUnaccounted: 4, limitMs: 2_000 };

test("requests of all services behind the API count, the provider's own do not", async () => {
  const read = readings({
    [`${METRICS.requests}/${SERVICES.users}`]: 1,
    [`${METRICS.requests}/${SERVICES.orders}`]: 10,
    [`${METRICS.requests}/${SERVICES.inventory}`]: 100,
    [`${METRICS.requests}/${SERVICES.provider}`]: 5_000,
  });

  expect((await readCounters(read, FROM)).requests).toBe(111);
});

test("what was applied by other consumers is not counted", async () => {
  const read = readings({
    [`${METRICS.messagesApplied}/${SERVICES.fulfilment}`]: 7,
    [`${METRICS.messagesApplied}/${SERVICES.orderList}`]: 500,
  });

  expect((await readCounters(read, FROM)).messagesApplied).toBe(7);
});

test("what was counted before the run is taken off", async () => {
  const before = await readCounters(readings({ [METRICS.messagesSent]: 40 }), FROM);
  const after = await readCounters(readings({ [METRICS.messagesSent]: 100 }), FROM);

  expect(difference(after, before).messagesSent).toBe(60);
});

const sent = (messages: number, applied: number, dropped = 0): Reading => ({
  [METRICS.messagesSent]: messages,
  [METRICS.messagesApplied]: applied,
  [METRICS.duplicatesDropped]: dropped,
});

test("readings go on until they are equal and every message is accounted for", async () => {
  const read = readings(sent(10, 5), sent(10, 7, 1), sent(10, 8, 1), sent(10, 8, 2));
  const before = await readCounters(readings({}), FROM);

  const counters = await quietCounters({ read, clock: steppingClock(), settings }, FROM, before);

  expect(counters).toMatchObject({ messagesSent: 10, messagesApplied: 8, duplicatesDropped: 2 });
  expect(read.asked()).toBe(5);
});

test("messages that never are accounted for are waited for longer, not for ever", async () => {
  const read = readings(sent(10, 5));
  const before = await readCounters(readings({}), FROM);

  await quietCounters({ read, clock: steppingClock(), settings }, FROM, before);

  expect(read.asked()).toBe(4);
});

test("counters that never rest are read no longer than the limit", async () => {
  let count = 0;
  const restless: MetricReader = async (queries) => queries.map(() => (count += 1));
  const clock = steppingClock();
  const before = await readCounters(readings({}), FROM);
  const startedAt = clock.now();

  await quietCounters({ read: restless, clock, settings }, FROM, before);

  expect(clock.now() - startedAt).toBe(2_000);
});
