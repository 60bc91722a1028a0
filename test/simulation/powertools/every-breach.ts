/**
 * The peer as a command compares it: a schedule that breaks is run to its end, so that every rule
 * that it breaks is counted, not only the first.
 */
import type { Scenario } from "#simulation/scenario";
import { NUMBERS, RULES } from "./rules.ts";
import { powertoolsScenario, runPowertools } from "./scenario.ts";

export const everyBreachScenario: Scenario = {
  ...powertoolsScenario,
  async run(schedule) {
    const result = await powertoolsScenario.run(schedule);
    const { breach, faults } = result;
    if (breach === undefined) return result;
    const { findings } = await runPowertools({ ...schedule, faults }, () => undefined);
    const breaches = RULES.flatMap((rule) => {
      const found = findings.find((finding) => finding.rule === rule);
      if (found === undefined) return [];
      const { detail } = found;
      return [{ invariant: NUMBERS[rule], part: rule, detail, step: breach.step }];
    });
    return { ...result, breaches };
  },
};
