/**
 * Looks for every planted bug, one bug on each thread, seed after seed until it is found.
 */
import { mapConcurrently } from "#replay/concurrency";
import { type Batch, batchesOf } from "#simulation/batch";
import { type PlantedBug, plantedName } from "#simulation/catalogue";
import { NOTHING, summed } from "#simulation/totals";
import type { BugReport } from "./reports.ts";
import type { OnProgress } from "./run-schedules.ts";
import type { Threads } from "./threads.ts";

const SCHEDULES_PER_BATCH = 100;

/** In the order of the bugs. */
export async function findPlanted(
  threads: Threads,
  bugs: readonly Omit<PlantedBug, "scenario">[],
  seeds: Pick<Batch, "firstSeed" | "count">,
  onProgress: OnProgress,
): Promise<readonly BugReport[]> {
  let done = 0;
  let found = 0;
  return await mapConcurrently(bugs, threads.count, async (bug) => {
    const report = await findBug(threads, bug, seeds);
    done += 1;
    if (report.found !== undefined) found += 1;
    onProgress(done / bugs.length, `${found} found of ${done} looked for, ${bugs.length} planted`);
    return report;
  });
}

async function findBug(
  threads: Threads,
  { name, what }: Omit<PlantedBug, "scenario">,
  seeds: Pick<Batch, "firstSeed" | "count">,
): Promise<BugReport> {
  let totals = NOTHING;
  for (const batch of batchesOf({ ...seeds, untilBroken: true }, SCHEDULES_PER_BATCH)) {
    totals = summed([totals, await threads.runBatch(plantedName({ name }), batch)]);
    if (totals.broken > 0) break;
  }
  const [found] = totals.breaches;
  return { name, what, seeds: totals.schedules, ...(found === undefined ? {} : { found }) };
}
