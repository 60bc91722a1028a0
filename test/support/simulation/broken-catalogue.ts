/**
 * A product that breaks, bugs that nobody finds, and scenarios that are broken themselves.
 */
import type { Catalogue } from "#simulation/catalogue";
import type { Scenario } from "#simulation/scenario";
import { bitesTwice, toyScenario } from "./toy-scenario.ts";

const silent: Scenario = { ...toyScenario("silent"), run: () => new Promise(() => undefined) };
const throwing: Scenario = {
  ...toyScenario("throwing"),
  run: ({ seed }) => Promise.reject(new Error(`no luck with ${seed}`)),
};
const toy = toyScenario("rejecting");
const rejecting: Scenario = {
  ...toy,
  run(schedule) {
    if (schedule.seed === 3) void Promise.reject(new Error("nobody waits for this"));
    return toy.run(schedule);
  },
};
const narrow: Scenario = { ...toyScenario("narrow"), branches: ["quiet", "never-reached"] };

export const catalogue: Catalogue = {
  products: () =>
    Promise.resolve([toyScenario("toy", bitesTwice), silent, throwing, rejecting, narrow]),
  planted: () =>
    Promise.resolve([
      { name: "harmless", what: "nothing is wrong", scenario: toyScenario("harmless") },
      { name: "bites", what: "bites twice", scenario: toyScenario("bites", bitesTwice) },
    ]),
  comparison: () =>
    Promise.resolve({
      peer: toyScenario("peer"),
      product: toyScenario("toy/like-peer", bitesTwice),
      byHand: () => Promise.resolve([]),
    }),
};
