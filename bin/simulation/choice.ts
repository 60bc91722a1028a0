/**
 * Which scenarios the options ask for. What they name has to exist.
 */
import { type Catalogue, scenarioNamed } from "#simulation/catalogue";
import type { Scenario } from "#simulation/scenario";
import { UsageError } from "../operator/start-options.ts";
import type { SimulateOptions } from "./options.ts";

export type Chosen = {
  readonly scenario: Scenario;
  /** By which a thread finds it. */
  readonly name: string;
};

/** Throws `UsageError`. */
export async function chosenScenarios(
  catalogue: Catalogue,
  { scenario: name, faults }: Pick<SimulateOptions, "scenario" | "faults">,
): Promise<readonly Chosen[]> {
  const all =
    name === undefined
      ? (await catalogue.products()).map((scenario) => ({ scenario, name: scenario.name }))
      : [{ scenario: await named(catalogue, name), name }];
  return faults === undefined ? all : requireFaults(faults, all);
}

async function named(catalogue: Catalogue, name: string): Promise<Scenario> {
  try {
    return await scenarioNamed(catalogue, name);
  } catch (error) {
    const text = `--scenario: ${error instanceof Error ? error.message : String(error)}.`;
    throw new UsageError(text, { cause: error });
  }
}

/** Those that know all of these faults; throws `UsageError` when none does. */
export function requireFaults(
  faults: readonly string[],
  from: readonly Chosen[],
): readonly Chosen[] {
  const able = from.filter(({ scenario }) => faults.every((one) => scenario.faults.includes(one)));
  if (able.length > 0) return able;
  const known = [...new Set(from.flatMap(({ scenario }) => scenario.faults))].sort();
  const unknown = faults.filter((fault) => !known.includes(fault));
  if (unknown.length === 0) {
    throw new UsageError(`--faults: no scenario has all of ${faults.join(", ")}: ask for fewer.`);
  }
  throw new UsageError(
    `--faults: there is no fault ${unknown.join(", ")}: name some of ${known.join(", ")}, or none.`,
  );
}
