/**
 * The peer and the product side by side: the same seeds, without a fault, under each fault alone,
 * and under all of them at once.
 */
import { mapConcurrently } from "#replay/concurrency";
import { type Batch, batchesOf } from "#simulation/batch";
import type { Compared } from "#simulation/catalogue";
import type { FaultName } from "#simulation/scenario";
import { NOTHING, summed, type Totals } from "#simulation/totals";
import type { ComparedFault, Side } from "./reports.ts";
import type { OnProgress } from "./run-schedules.ts";
import type { Threads } from "./threads.ts";

const SCHEDULES_PER_BATCH = 50;
const NO_FAULT = "none";
const EVERY_FAULT = "all";

type Part = { readonly row: number; readonly isPeer: boolean; readonly batch: Batch };

/** @param asked only these faults; undefined: all of the peer's */
export async function compare(
  threads: Threads,
  { peer, product }: Compared,
  options: Pick<Batch, "firstSeed" | "count"> & { readonly asked?: readonly FaultName[] },
  onProgress: OnProgress,
): Promise<readonly ComparedFault[]> {
  const { asked, firstSeed, count } = options;
  const alone = [...(asked ?? peer.faults)].sort();
  const faults = [NO_FAULT, ...alone, ...(alone.length > 1 ? [EVERY_FAULT] : [])];
  const chosen = (fault: string): readonly FaultName[] => {
    if (fault === NO_FAULT) return [];
    return fault === EVERY_FAULT ? alone : [fault];
  };
  const isKnown = (fault: string): boolean => {
    return chosen(fault).every((one) => product.faults.includes(one));
  };
  const parts = faults.flatMap((fault, row) => {
    const batch = { firstSeed, count, faults: chosen(fault) };
    const batches = batchesOf(batch, SCHEDULES_PER_BATCH);
    const subjects = isKnown(fault) ? [true, false] : [true];
    return subjects.flatMap((isPeer) => batches.map((batch): Part => ({ row, isPeer, batch })));
  });
  const totals = faults.map(() => ({ peer: NOTHING, product: NOTHING }));
  let done = 0;
  await mapConcurrently(parts, threads.count, async ({ row, isPeer, batch }) => {
    const result = await threads.runBatch(isPeer ? peer.name : product.name, batch);
    const sums = totals[row];
    if (sums !== undefined && isPeer) sums.peer = summed([sums.peer, result]);
    else if (sums !== undefined) sums.product = summed([sums.product, result]);
    done += 1;
    onProgress(done / parts.length, faults[row] ?? "");
  });
  return faults.map((fault, row) => {
    const { peer: theirs, product: ours } = totals[row] ?? { peer: NOTHING, product: NOTHING };
    const side = sideOf(theirs, fault);
    return { fault, peer: side, ...(isKnown(fault) ? { product: sideOf(ours, fault) } : {}) };
  });
}

function sideOf({ schedules, broken, invariants, faults }: Totals, fault: string): Side {
  const all = Object.values(faults).reduce((sum, { fired }) => sum + fired, 0);
  const fired = fault === EVERY_FAULT ? all : (faults[fault]?.fired ?? 0);
  return { schedules, fired, broken, invariants };
}
