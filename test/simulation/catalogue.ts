/**
 * What `npm run simulate` can run.
 */
import type { Catalogue } from "#simulation/catalogue";

export const catalogue: Catalogue = {
  async products() {
    const { SCENARIOS } = await import("./scenarios.ts");
    return SCENARIOS;
  },
  async planted() {
    const { PLANTED } = await import("./planted/all.ts");
    return PLANTED;
  },
  async comparison() {
    const { everyBreachScenario } = await import("./powertools/every-breach.ts");
    const { scenarioWith } = await import("./messaging-scenario.ts");
    const { handWritten } = await import("./powertools/hand-written.ts");
    return {
      peer: everyBreachScenario,
      // Powertools has no state of its own to fold, and its subject appends as ours of that kind.
      product: scenarioWith("effects", { kind: "effects" }),
      byHand: handWritten,
    };
  },
};
