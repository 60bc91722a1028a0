/**
 * The same work spread over more and more streams: fewer messages of one stream in a batch, more
 * heads than a sandbox remembers.
 */
import { cpuMicroseconds } from "../measure/rounds.ts";
import { applyAll } from "../rows/counters.ts";
import { memoryClient } from "../store/client.ts";
import { benchTable } from "../store/table.ts";
import { unitMeter } from "../store/units.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { BATCH_SIZE, batches } from "../traffic.ts";

export type StreamsPoint = {
  readonly streams: number;
  /** Messages of one stream in a batch of ten. */
  readonly m: number;
  readonly ours: StreamsCost;
  readonly powertools: StreamsCost;
};

export type StreamsCost = {
  readonly requestsPerMessage: number;
  readonly writeUnitsPerMessage: number;
  readonly readUnitsPerMessage: number;
  readonly cpuMicrosPerMessage: number;
};

export const SWEEP_MESSAGES = 20_000;

/** Twice as many as a sandbox remembers are the last: then every head is read again. */
const SWEEP: readonly { readonly streams: number; readonly m: number }[] = [
  { streams: 1, m: 10 },
  { streams: 10, m: 10 },
  { streams: 100, m: 5 },
  { streams: 500, m: 2 },
  { streams: 1_000, m: 1 },
  { streams: 2_000, m: 1 },
];

export async function streamsSweep(
  messages: number = SWEEP_MESSAGES,
  sweep = SWEEP,
): Promise<readonly StreamsPoint[]> {
  const points: StreamsPoint[] = [];
  for (const { streams, m } of sweep) {
    const shape = { streams, m, messages };
    const ours = await cost(startOurs, shape);
    const powertools = await cost(startPowertools, shape);
    points.push({ streams, m, ours, powertools });
  }
  return points;
}

async function cost(
  start: StartSubject,
  shape: { readonly streams: number; readonly m: number; readonly messages: number },
): Promise<StreamsCost> {
  const events = batches({ ...shape, batchSize: BATCH_SIZE });
  const meter = unitMeter();
  await applyAll(start(memoryClient(benchTable(meter))), events);
  const { requests, writeUnits, readUnits } = meter.counted();
  const unmetered = start(memoryClient(benchTable()));
  const micros = await cpuMicroseconds(() => applyAll(unmetered, events));
  return {
    requestsPerMessage: requests / shape.messages,
    writeUnitsPerMessage: writeUnits / shape.messages,
    readUnitsPerMessage: readUnits / shape.messages,
    cpuMicrosPerMessage: micros / shape.messages,
  };
}
