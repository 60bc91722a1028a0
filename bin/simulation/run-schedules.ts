/**
 * Runs the schedules that were asked for on all threads, and makes the first breach small.
 */
import { mapConcurrently } from "#replay/concurrency";
import { type Batch, batchesOf } from "#simulation/batch";
import { coverageOf } from "#simulation/coverage";
import { isSmaller } from "#simulation/minimise";
import type { Scenario } from "#simulation/scenario";
import { NOTHING, summed, type Totals } from "#simulation/totals";
import type { ScenarioReport, SmallestBreach } from "./reports.ts";
import type { Threads } from "./threads.ts";

/** How much of the work is done, from 0 to 1, and what came out so far. */
export type OnProgress = (fraction: number, label: string) => void;

/** Long enough to make messages between threads cheap, short enough for a bar that moves. */
const SCHEDULES_PER_BATCH = 50;
const BREACHES_MINIMISED = 5;

/** The same whatever the number of threads. */
async function runSchedules(
  threads: Threads,
  scenario: string,
  batch: Batch,
  onProgress: OnProgress,
): Promise<Totals> {
  let totals = NOTHING;
  await mapConcurrently(batchesOf(batch, SCHEDULES_PER_BATCH), threads.count, async (part) => {
    const result = await threads.runBatch(scenario, part);
    // Not in one line with the `await`: the sum is read again after it.
    totals = summed([totals, result]);
    const label = `${totals.schedules} of ${batch.count}, ${totals.broken} broken`;
    onProgress(totals.schedules / batch.count, label);
  });
  return totals;
}

export async function runScenario(
  threads: Threads,
  { scenario, name }: { readonly scenario: Scenario; readonly name: string },
  batch: Batch,
  onProgress: OnProgress,
): Promise<ScenarioReport> {
  const totals = await runSchedules(threads, name, batch, onProgress);
  const coverage = coverageOf(totals, scenario, batch.faults);
  const [first] = totals.breaches;
  if (first === undefined) return { scenario: name, totals, coverage };
  onProgress(1, `making the breach of seed ${first.seed} small`);
  return {
    scenario: name,
    totals,
    coverage,
    smallest: await smallest(threads, name, batch, totals),
  };
}

/** Of the breaches of the first one's invariant: another seed may need less to show the same. */
async function smallest(
  threads: Threads,
  name: string,
  { faults, decisionsMax }: Batch,
  { breaches }: Totals,
): Promise<SmallestBreach> {
  const alike = breaches.filter(({ invariant }) => invariant === breaches[0]?.invariant);
  const tried = alike.slice(0, BREACHES_MINIMISED);
  const minimised = await mapConcurrently(tried, threads.count, ({ seed }) =>
    threads.minimise(name, {
      seed,
      ...(faults === undefined ? {} : { faults }),
      ...(decisionsMax === undefined ? {} : { decisionsMax }),
    }),
  );
  const { schedule, result } = minimised.reduce((least, next) =>
    isSmaller(next.result, least.result) ? next : least,
  );
  const { invariant = 0, detail = "" } = result.breach ?? {};
  const command = replayCommand(name, schedule);
  return { ...schedule, invariant, detail, trace: result.trace, command };
}

type Replay = {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly decisionsMax: number;
};

function replayCommand(name: string, { seed, faults, decisionsMax }: Replay): string {
  const list = faults.length === 0 ? "none" : faults.join(",");
  return (
    `npm run simulate -- --scenario ${name} --seed ${seed} --schedules 1 ` +
    `--faults ${list} --decisions-max ${decisionsMax}`
  );
}
