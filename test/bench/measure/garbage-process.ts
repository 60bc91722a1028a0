/**
 * Prints, as JSON, the kilobytes that each side allocates for a message, round by round. Started by
 * `rows/garbage.ts` with a heap that holds a whole round.
 */
import { memoryClient } from "../store/client.ts";
import { benchTable } from "../store/table.ts";
import { applyAll, powertoolsAlone } from "../rows/counters.ts";
import type { GarbageRounds } from "../rows/garbage.ts";
import { startOurs } from "../subjects/ours.ts";
import { startPowertools } from "../subjects/powertools.ts";
import type { StartSubject } from "../subjects/subject.ts";
import { batches } from "../traffic.ts";
import { collected } from "./heap.ts";
import { rounds } from "./rounds.ts";

const STREAMS = 100;
const MESSAGES = 4_000;
const WARM_UP_ROUNDS = 2;

const [m = 1, count = 1] = process.argv.slice(2).map(Number);

const garbage = (start: StartSubject) => async (): Promise<number> => {
  const subject = start(memoryClient(benchTable()));
  const events = batches({ m, streams: STREAMS, messages: 2 * MESSAGES });
  await applyAll(subject, events.slice(0, events.length / 2));
  const before = collected();
  await applyAll(subject, events.slice(events.length / 2));
  return (process.memoryUsage().heapUsed - before) / 1_024 / MESSAGES;
};

const found: GarbageRounds = await rounds(
  {
    ours: garbage(startOurs),
    powertools: garbage(startPowertools),
    alone: garbage(powertoolsAlone),
  },
  { count, warmUp: WARM_UP_ROUNDS },
);
process.stdout.write(JSON.stringify(found));
