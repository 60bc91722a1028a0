/**
 * Prints, as JSON, what it takes to keep streams waiting. The store forgets what it is sent, so
 * that the heap is the consumer's alone.
 */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { applyAll } from "../rows/counters.ts";
import type { ParkedMemory } from "../more/parked.ts";
import { memoryClient } from "../store/client.ts";
import { type BenchTable, benchTable } from "../store/table.ts";
import { unitMeter } from "../store/units.ts";
import { startOurs } from "../subjects/ours.ts";
import type { Subject } from "../subjects/subject.ts";
import { BATCH_SIZE, batches } from "../traffic.ts";
import { collected } from "./heap.ts";

const [streams = 1, cachedMax = 1_000] = process.argv.slice(2).map(Number);
/** Messages that are there at once; the events are garbage, and no part of what is measured. */
const AT_ONCE = 1_000;

const meter = unitMeter();
const forgetful: BenchTable = {
  items: () => 0,
  answer: (operation, input) => benchTable(meter).answer(operation, input),
};
const client: DynamoDBClient = memoryClient(forgetful);
/** Whatever is compiled or opened once is not what streams take up. */
const rehearsal = startOurs(client, { streamsCachedMax: 1 });
await parkFrom(rehearsal, 0, "rehearsal");
const subject = startOurs(client, { streamsCachedMax: cachedMax });
const before = collected();
for (let from = 0; from < streams; from += AT_ONCE) await parkFrom(subject, from, "waiting");
const heapBytes = collected() - before;

const { itemBytesMax, writeUnits, requests } = meter.counted();
const found: ParkedMemory = {
  streams,
  cachedMax,
  heapBytes,
  heapBytesPerCachedStream: heapBytes / Math.min(streams, cachedMax),
  storedBytesPerStream: itemBytesMax,
  writeUnitsPerMessage: (2 * writeUnits) / requests,
};
process.stdout.write(JSON.stringify(found));

/** The second message of each stream, whose first never comes. */
async function parkFrom(by: Subject, from: number, name: string): Promise<void> {
  const shape = { m: 1, streams: AT_ONCE, messages: AT_ONCE, batchSize: BATCH_SIZE, after: 1 };
  await applyAll(by, batches({ ...shape, name: `${name}-${from}` }));
}
