/**
 * A row of seeds of one scenario, run one after the other: the share of one thread.
 */
import type { FaultName, Scenario, Schedule, ScheduleResult } from "./scenario.ts";
import { summed, type Totals, totalsOf } from "./totals.ts";
import { withoutStacks } from "./without-stacks.ts";

export type Batch = {
  readonly firstSeed: number;
  readonly count: number;
  /** Absent: each seed draws its own. */
  readonly faults?: readonly FaultName[];
  readonly decisionsMax?: number;
  /** The seeds behind the first breach are left out. */
  readonly untilBroken?: boolean;
};

/** @throws what a schedule throws, with its seed: a fault of the simulator, no breach */
export async function runBatch(scenario: Scenario, batch: Batch): Promise<Totals> {
  const totals: Totals[] = [];
  for (let index = 0; index < batch.count; index += 1) {
    const schedule = scheduleOf(batch, batch.firstSeed + index);
    const result = totalsOf(await runSchedule(scenario, schedule));
    totals.push(result);
    if (batch.untilBroken === true && result.broken > 0) break;
  }
  return summed(totals);
}

/** In as many batches, equal but for the last. */
export function batchesOf(batch: Batch, countMax: number): readonly Batch[] {
  const batches: Batch[] = [];
  for (let done = 0; done < batch.count; done += countMax) {
    const count = Math.min(countMax, batch.count - done);
    batches.push({ ...batch, firstSeed: batch.firstSeed + done, count });
  }
  return batches;
}

const scheduleOf = ({ faults, decisionsMax }: Batch, seed: number): Schedule => ({
  seed,
  ...(faults === undefined ? {} : { faults }),
  ...(decisionsMax === undefined ? {} : { decisionsMax }),
});

/** What throws is run again, which is the same again, to tell where it threw. */
async function runSchedule(scenario: Scenario, schedule: Schedule): Promise<ScheduleResult> {
  try {
    return await withoutStacks(() => scenario.run(schedule));
  } catch {
    return await traced(scenario, schedule);
  }
}

async function traced(scenario: Scenario, schedule: Schedule): Promise<ScheduleResult> {
  try {
    return await scenario.run(schedule);
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`the schedule of seed ${schedule.seed} of ${scenario.name} threw: ${reason}`, {
      cause: error,
    });
  }
}
