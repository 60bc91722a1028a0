/**
 * Does the same to a model and to the local cloud, step by step as a seed draws, and compares what
 * both answer.
 */
import { type Rng, seededRng } from "#kernel/rng";
import type { DifferenceName } from "../known-differences.ts";

export type Answers = {
  readonly model: unknown;
  readonly cloud: unknown;
  /** Which known difference this is, should the answers differ; absent: none. */
  readonly known?: DifferenceName;
  /** Known differences that showed without the answers being different. */
  readonly shown?: readonly DifferenceName[];
};

export type Step = { readonly what: string; readonly answers: Answers };

/** One model and one place in the local cloud, both new. */
export type Pair = { step(rng: Rng): Promise<Step> };

export type Found = {
  /** Each with its seed, what was done until then, and both answers. */
  readonly differences: readonly string[];
  readonly known: ReadonlySet<DifferenceName>;
  /** Answers that were compared. */
  readonly compared: number;
  /** How often each kind of step was taken. */
  readonly steps: ReadonlyMap<string, number>;
};

export type Plan = { readonly seeds: readonly number[]; readonly steps: number };

/** A sequence ends at its first difference: from there on the two are in different states. */
export async function compare(open: () => Promise<Pair>, plan: Plan): Promise<Found> {
  const differences: string[] = [];
  const known = new Set<DifferenceName>();
  const steps = new Map<string, number>();
  let compared = 0;
  for (const seed of plan.seeds) {
    const rng = seededRng(seed);
    const pair = await open();
    const trail: string[] = [];
    for (let index = 0; index < plan.steps; index += 1) {
      const { what, answers } = await pair.step(rng);
      const [kind = ""] = what.split(" ");
      steps.set(kind, (steps.get(kind) ?? 0) + 1);
      trail.push(what);
      compared += 1;
      for (const name of answers.shown ?? []) known.add(name);
      const [model, cloud] = [JSON.stringify(answers.model), JSON.stringify(answers.cloud)];
      if (model === cloud) continue;
      if (answers.known === undefined) differences.push(report(seed, trail, model, cloud));
      else known.add(answers.known);
      break;
    }
  }
  return { differences, known, compared, steps };
}

const report = (seed: number, trail: readonly string[], model: string, cloud: string): string =>
  [
    `seed ${seed}, step ${trail.length}`,
    ...trail.map((what) => `  ${what}`),
    `  model:       ${model}`,
    `  local cloud: ${cloud}`,
  ].join("\n");

/** A choice in proportion to the weights. */
export function drawn<Choice extends string>(
  weights: Readonly<Record<Choice, number>>,
  rng: Rng,
): Choice {
  const entries = Object.entries(weights) as [Choice, number][];
  let left = rng.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [choice, weight] of entries) {
    left -= weight;
    if (left < 0) return choice;
  }
  throw new Error("there is nothing to choose from");
}

/** Undefined only for an empty list. */
export const oneOf = <Item>(items: readonly Item[], rng: Rng): Item | undefined =>
  items[rng.int(items.length)];
