/**
 * Rows that are counted, not timed, and so the same on every machine: requests, write units,
 * redelivered messages. They gate.
 */
import type { SQSEvent } from "aws-lambda";
import { type BenchRow, type Messages, rowOf } from "../goals.ts";
import { memoryClient } from "../store/client.ts";
import { type BenchTable, benchTable } from "../store/table.ts";
import { type Counted, type UnitMeter, unitMeter } from "../store/units.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject, Subject } from "../subjects/subject.ts";
import { BATCH_SIZE, batches, record } from "../traffic.ts";

const STREAMS = 20;
const MESSAGES = 800;
/** Of these, so many are applied before anything is counted: heads are warm, their lists full. */
const WARM_UP = 400;

export const powertoolsAlone: StartSubject = (client) =>
  startPowertools(client, { writesBusiness: false });

/** A sandbox of its own for each batch, so that none remembers anything. */
const alwaysCold =
  (start: StartSubject): StartSubject =>
  (client) => ({ handle: (event) => start(client).handle(event) });

export type PerMessage = Pick<Counted, "requests" | "writeUnits" | "readUnits" | "itemBytesMax">;

export async function counted(start: StartSubject, m: Messages): Promise<PerMessage> {
  const meter = unitMeter();
  const subject = start(memoryClient(benchTable(meter)));
  const all = batches({ m, streams: STREAMS, messages: MESSAGES });
  await applyAll(subject, all.slice(0, WARM_UP / BATCH_SIZE));
  meter.reset();
  await applyAll(subject, all.slice(WARM_UP / BATCH_SIZE));
  return perMessage(meter, MESSAGES - WARM_UP);
}

/** @throws Error for a message that is returned: then the count is of something else. */
export async function applyAll(subject: Subject, events: readonly SQSEvent[]): Promise<void> {
  for (const event of events) {
    const returned = await subject.handle(event);
    if (returned.length > 0) throw new Error(`Not applied: ${returned.join(", ")}`);
  }
}

function perMessage(meter: UnitMeter, messages: number): PerMessage {
  const { requests, writeUnits, readUnits, itemBytesMax } = meter.counted();
  return {
    requests: requests / messages,
    writeUnits: writeUnits / messages,
    readUnits: readUnits / messages,
    itemBytesMax,
  };
}

/** Rows 1 and 2. */
export async function requestRows(m: Messages): Promise<readonly BenchRow[]> {
  const ours = await counted(startOurs, m);
  const uncached = await counted(alwaysCold(startOurs), m);
  const theirs = await counted(startPowertools, m);
  const alone = await counted(powertoolsAlone, m);
  return [
    rowOf(1, m, {
      ours: ours.requests,
      powertools: alone.requests,
      uncached: uncached.requests,
      note: `its idempotency alone; with the business write ${theirs.requests}; ours has both`,
    }),
    rowOf(2, m, {
      ours: ours.writeUnits,
      powertools: theirs.writeUnits,
      uncached: uncached.writeUnits,
      note: `a head has at most ${ours.itemBytesMax} bytes; uncached reads cost ${
        uncached.readUnits
      } read units per message`,
    }),
  ];
}

/** Row 9: what has been applied is delivered once more, to another sandbox. */
export async function redeliveryRows(m: Messages): Promise<readonly BenchRow[]> {
  const ours = await redelivered(startOurs, m);
  const theirs = await redelivered(startPowertools, m);
  const units = `ours reads ${ours.readUnits} read units per duplicate, it ${theirs.readUnits}`;
  return [
    rowOf(9, m, { ours: ours.requests, powertools: theirs.requests }),
    rowOf(9, m, {
      name: "applied batch redelivered: write units per duplicate",
      unit: "WRU",
      ours: ours.writeUnits,
      powertools: theirs.writeUnits,
      goal: 0,
      note: units,
    }),
  ];
}

async function redelivered(start: StartSubject, m: Messages): Promise<PerMessage> {
  const meter = unitMeter();
  const client = memoryClient(benchTable(meter));
  const all = batches({ m, streams: STREAMS, messages: WARM_UP });
  await applyAll(start(client), all);
  meter.reset();
  await applyAll(start(client), all);
  return perMessage(meter, WARM_UP);
}

/** Row 10: ten groups with one message each; the first cannot be applied now, or never. */
export async function poisonRows(): Promise<readonly BenchRow[]> {
  const permanent = await returnedOf(startOurs, "permanent");
  const transient = await returnedOf(startOurs, "transient");
  const stock = await returnedOf(
    (client) => startPowertools(client, { skipGroupOnError: false }),
    "permanent",
  );
  const recommended = await returnedOf(startPowertools, "permanent");
  return [
    rowOf(10, null, {
      ours: Math.max(permanent, transient),
      powertools: stock,
      note:
        `its default; ${recommended} with skipGroupOnError. Ours: ${transient} for a failure ` +
        `that may pass, ${permanent} for one that will not (the stream halts, its messages wait)`,
    }),
  ];
}

async function returnedOf(start: StartSubject, poison: string): Promise<number> {
  const table: BenchTable = benchTable();
  const Records = Array.from({ length: BATCH_SIZE }, (_, index) =>
    record({ stream: `account-${index}`, sequence: 1 }, index === 0 ? { poison } : {}),
  );
  return (await start(memoryClient(table)).handle({ Records })).length;
}
