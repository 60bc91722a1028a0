/**
 * A sound product and bugs that can be found.
 */
import type { Catalogue } from "#simulation/catalogue";
import { bitesTwice, toyScenario } from "./toy-scenario.ts";

export const catalogue: Catalogue = {
  products: () => Promise.resolve([toyScenario("toy")]),
  planted: () =>
    Promise.resolve([
      { name: "bites", what: "bites twice", scenario: toyScenario("bites", bitesTwice) },
      {
        name: "howls",
        what: "howls from the seventh seed on",
        scenario: toyScenario("howls", ({ howl = 0 }, seed) =>
          seed >= 7 && howl > 0 ? { invariant: 9, detail: "howls" } : undefined,
        ),
      },
    ]),
  comparison: () =>
    Promise.resolve({
      peer: toyScenario("peer", bitesOnce),
      product: toyScenario("toy/like-peer"),
      byHand: () => Promise.resolve([]),
    }),
};

const bitesOnce = ({ bite = 0 }: Readonly<Record<string, number>>) =>
  bite > 0 ? { invariant: 1, detail: "bites" } : undefined;
