/**
 * What both make of the schedules that are written by hand, for the tables of a comparison.
 */
import type { HandWritten, Performed } from "#simulation/catalogue";
import { type Consumer, type Directed, perform } from "./directed.ts";
import { holes, strengths } from "./holes.ts";

export async function handWritten(): Promise<readonly HandWritten[]> {
  const outcomes: HandWritten[] = [];
  for (const directed of [...Object.values(holes), ...Object.values(strengths)]) {
    outcomes.push({
      what: directed.hole,
      right: directed.right,
      peer: await performed(directed, "powertools"),
      product: await performed(directed, "ours"),
    });
  }
  return outcomes;
}

async function performed(directed: Directed, consumer: Consumer): Promise<Performed> {
  const { applied, deadLettered } = await perform(directed, consumer);
  return { applied, deadLettered: deadLettered.length };
}
