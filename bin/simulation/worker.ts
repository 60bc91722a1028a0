/**
 * A thread that runs schedules, one at a time, for as long as it is given work.
 */
import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { runBatch } from "#simulation/batch";
import { type Catalogue, scenarioNamed } from "#simulation/catalogue";
import { minimise } from "#simulation/minimise";
import type { Scenario } from "#simulation/scenario";
import type { Answer, Assignment, ThreadData } from "./thread-messages.ts";

const { catalogueUrl, pulse } = workerData as ThreadData;
const { catalogue } = (await import(catalogueUrl)) as { readonly catalogue: Catalogue };

parentPort?.on("message", (assignment: Assignment) => {
  void work(assignment).then(
    (result) => answer({ isRight: true, result }),
    (error: unknown) => answer({ isRight: false, reason: reasonOf(error) }),
  );
});

function answer(message: Answer): void {
  parentPort?.postMessage(message);
}

async function work(assignment: Assignment): Promise<unknown> {
  const scenario = observed(await scenarioNamed(catalogue, assignment.scenario));
  switch (assignment.kind) {
    case "batch":
      return await runBatch(scenario, assignment.batch);
    case "minimise":
      return await minimise(scenario, assignment.schedule);
    default:
      return assignment satisfies never;
  }
}

/** The pulse shows the other side that it goes on, and at which seed it stopped if it does not. */
const observed = (scenario: Scenario): Scenario => ({
  ...scenario,
  async run(schedule) {
    Atomics.store(pulse, 0, schedule.seed);
    Atomics.add(pulse, 1, 1);
    const result = await scenario.run(schedule);
    // What was rejected and nobody waited for ends the thread here, while its seed is known.
    await setImmediate();
    return result;
  },
});

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
