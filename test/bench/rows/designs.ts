/**
 * Counts what four designs ask of DynamoDB for a message: with and without events of their own.
 */
import type { Messages } from "../goals.ts";
import { type Design, DESIGNS, type DesignCounters } from "../result.ts";
import { startOurs } from "../subjects/ours.ts";
import { startOursWithEvents } from "../subjects/ours-with-events.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { BATCH_SIZE } from "../traffic.ts";
import { counted } from "./counters.ts";

const SUBJECTS: Readonly<Record<Design, StartSubject>> = {
  fold: startOurs,
  effects: startOursWithEvents,
  powertools: startPowertools,
  "powertools-outbox": (client) => startPowertools(client, { writesOutbox: true }),
};

export async function designCounters() {
  const found = await Promise.all(
    DESIGNS.map(async (design) => {
      const ten = await countersOf(design, 10);
      return [design, { ten, one: await countersOf(design, 1) }] as const;
    }),
  );
  return Object.fromEntries(found) as Record<Design, (typeof found)[number][1]>;
}

async function countersOf(design: Design, m: Messages): Promise<DesignCounters> {
  const { requests, writeUnits, readUnits } = await counted(SUBJECTS[design], m);
  // Ours works on a batch's streams at once; Powertools on one message after the other.
  const isOurs = design === "fold" || design === "effects";
  const atOnce = isOurs ? BATCH_SIZE / m : 1;
  return { requests, writeUnits, readUnits, waitsPerBatch: (requests * BATCH_SIZE) / atOnce };
}
