// The simulator's models against the local cloud: the same random steps, the same answers.
import { expect, test } from "vitest";
import { QUEUE_STEPS, queuePair } from "./differential/queues.ts";
import { compare, type Pair, type Plan } from "./differential/side-by-side.ts";
import { STORE_STEPS, storePair } from "./differential/stores.ts";
import { TABLE_STEPS, tablePair } from "./differential/tables.ts";
import { type DifferenceName, KNOWN_DIFFERENCES } from "./known-differences.ts";

const known = new Set<DifferenceName>();

/** Steps of a kind that a run needs before it says anything about that kind. */
const OF_A_KIND_MIN = 5;

async function judged(
  open: () => Promise<Pair>,
  kinds: Readonly<Record<string, number>>,
  { count, steps }: Omit<Plan, "seeds"> & { readonly count: number },
) {
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const found = await compare(open, { seeds, steps });
  for (const name of found.known) known.add(name);
  const rare = Object.keys(kinds).filter((kind) => (found.steps.get(kind) ?? 0) < OF_A_KIND_MIN);
  return { differences: found.differences.join("\n\n"), compared: found.compared, rare };
}

test("a FIFO queue answers as its model, but for what is known", async () => {
  const found = await judged(queuePair, QUEUE_STEPS, { count: 50, steps: 40 });

  expect(found.differences).toBe("");
  expect(found.rare).toEqual([]);
  // A known difference ends its sequence; most go on for long.
  expect(found.compared).toBeGreaterThan(1_200);
});

test("a table answers as the model of one", async () => {
  const found = await judged(tablePair, TABLE_STEPS, { count: 20, steps: 60 });

  expect(found).toEqual({ differences: "", rare: [], compared: 1_200 });
});

test("the stores of heads and events answer in DynamoDB as in memory", async () => {
  const found = await judged(storePair, STORE_STEPS, { count: 20, steps: 50 });

  expect(found).toEqual({ differences: "", rare: [], compared: 1_000 });
});

test("every known difference still shows", () => {
  const unseen = KNOWN_DIFFERENCES.map(({ name }) => name).filter((name) => !known.has(name));

  expect(unseen).toEqual([]);
});
