/**
 * Rows 3 and 4: how long a store that answers after 4 ms keeps a stream, or a batch, waiting. Wall
 * time, since waiting costs no CPU.
 */
import { type BenchRow, type Messages, rowOf } from "../goals.ts";
import { ratios, rounds, wallMs } from "../measure/rounds.ts";
import { percentile, spreadOf } from "../measure/spread.ts";
import { memoryClient } from "../store/client.ts";
import { benchTable } from "../store/table.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { BATCH_SIZE, batches } from "../traffic.ts";
import { applyAll } from "./counters.ts";

/** DynamoDB's own, as it is seen from a function in the same region. */
export const STORE_LATENCY_MS = 4;

/** Enough for ours to be more than one batch; a stream's batches come one after the other. */
const HOT = { ours: 200, powertools: 40 } as const;
const P99_BATCHES = { ours: 60, powertools: 12 } as const;
const STREAMS = 10;

export async function hotStreamRow(count: number): Promise<BenchRow> {
  const perSecond = (start: StartSubject, messages: number) => async (): Promise<number> => {
    const subject = start(memoryClient(benchTable(), STORE_LATENCY_MS));
    const events = batches({ m: 10, streams: 1, messages });
    return messages / ((await wallMs(() => applyAll(subject, events))) / 1_000);
  };
  const found = await rounds(
    {
      ours: perSecond(startOurs, HOT.ours),
      powertools: perSecond(startPowertools, HOT.powertools),
    },
    { count },
  );
  return rowOf(3, 10, {
    ours: spreadOf(found.ours).median,
    powertools: spreadOf(found.powertools).median,
    rounds: ratios(found.ours, found.powertools),
    note: `the store answers after ${STORE_LATENCY_MS} ms`,
  });
}

/** At m = 10 each batch is one of ten streams, at m = 1 it has a message of each. */
export async function batchRow(m: Messages, count: number): Promise<BenchRow> {
  const slowest = (start: StartSubject, some: number) => async (): Promise<number> => {
    const subject = start(memoryClient(benchTable(), STORE_LATENCY_MS));
    const events = batches({ m, streams: STREAMS, messages: some * BATCH_SIZE });
    const times: number[] = [];
    for (const event of events) times.push(await wallMs(() => applyAll(subject, [event])));
    return percentile(
      times.toSorted((a, b) => a - b),
      0.99,
    );
  };
  const found = await rounds(
    {
      ours: slowest(startOurs, P99_BATCHES.ours),
      powertools: slowest(startPowertools, P99_BATCHES.powertools),
    },
    { count },
  );
  return rowOf(4, m, {
    ours: spreadOf(found.ours).median,
    powertools: spreadOf(found.powertools).median,
    rounds: ratios(found.ours, found.powertools),
    note:
      `the store answers after ${STORE_LATENCY_MS} ms; ` +
      `p99 of ${P99_BATCHES.ours} and ${P99_BATCHES.powertools} batches a round`,
  });
}
