/**
 * What a stream's length costs: the next batch, and the last one once more, after 10, a thousand
 * and a million messages of one stream.
 */
import { cpuMicroseconds } from "../measure/rounds.ts";
import { spreadOf } from "../measure/spread.ts";
import { applyAll } from "../rows/counters.ts";
import { memoryClient } from "../store/client.ts";
import { benchTable } from "../store/table.ts";
import { unitMeter } from "../store/units.ts";
import { startOurs } from "../subjects/ours.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { BATCH_SIZE, batches } from "../traffic.ts";

export type GrowthPoint = {
  /** Messages that the stream has applied. */
  readonly length: number;
  /** The stream's next batch of ten, in a sandbox that knows it. */
  readonly commit: GrowthCost;
  /** Ten that are applied already, in a sandbox that knows nothing. */
  readonly replay: GrowthCost;
  /** Items that the stream takes up. */
  readonly items: number;
  readonly headBytes: number;
};

export type GrowthCost = {
  readonly requests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Per message, the median of several batches. */
  readonly cpuMicros: number;
};

/** Large batches get a stream to its length; how it got there makes no difference to its head. */
const FILLING_BATCH = 1_000;
const MEASURED_BATCHES = 40;

export async function growth(lengths: readonly number[]): Promise<readonly GrowthPoint[]> {
  // The compiler learns on another stream, or the shortest would pay for all.
  await pointAt(FILLING_BATCH);
  const points: GrowthPoint[] = [];
  for (const length of lengths) points.push(await pointAt(length));
  return points;
}

async function pointAt(length: number): Promise<GrowthPoint> {
  const meter = unitMeter();
  const table = benchTable(meter);
  const client = memoryClient(table);
  const warm = startOurs(client);
  for (let after = 0; after < length; after += FILLING_BATCH) {
    const messages = Math.min(FILLING_BATCH, length - after);
    const shape = { m: messages, batchSize: messages, streams: 1, messages, after };
    await applyAll(warm, batches(shape));
  }
  const next = batches({
    m: BATCH_SIZE,
    streams: 1,
    messages: MEASURED_BATCHES * BATCH_SIZE,
    after: length,
  });

  const cost = async (start: StartSubject | undefined): Promise<GrowthCost> => {
    const micros: number[] = [];
    meter.reset();
    for (const event of next) {
      const subject = start === undefined ? warm : start(client);
      micros.push(await cpuMicroseconds(() => applyAll(subject, [event])));
    }
    const { requests, writeUnits, readUnits } = meter.counted();
    const messages = MEASURED_BATCHES * BATCH_SIZE;
    return {
      requests: requests / messages,
      writeUnits: writeUnits / messages,
      readUnits: readUnits / messages,
      cpuMicros: spreadOf(micros).median / BATCH_SIZE,
    };
  };
  const commit = await cost(undefined);
  const { itemBytesMax: headBytes } = meter.counted();
  const replay = await cost(startOurs);
  return { length, commit, replay, items: table.items(), headBytes };
}
