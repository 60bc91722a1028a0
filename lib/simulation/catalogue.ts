/**
 * What there is to simulate, and the name by which a command and a thread speak of it. Loaded when
 * asked for: a peer brings packages that a run of the product does not need.
 */
import type { Scenario } from "./scenario.ts";

/** A wrong variant of the product, which the simulator has to find. */
export type PlantedBug = {
  readonly name: string;
  /** What is wrong, in words. */
  readonly what: string;
  readonly scenario: Scenario;
};

export type Catalogue = {
  /** Those that must never break an invariant. */
  products(): Promise<readonly Scenario[]>;
  planted(): Promise<readonly PlantedBug[]>;
  comparison(): Promise<Compared>;
};

/** The same work, done by another library and by the product. */
export type Compared = {
  readonly peer: Scenario;
  /** Its name is not that of one of the products. */
  readonly product: Scenario;
  /** What both make of schedules that are written by hand, one moment that goes wrong in each. */
  readonly byHand: () => Promise<readonly HandWritten[]>;
};

export type HandWritten = {
  /** What goes wrong, in words. */
  readonly what: string;
  readonly right: Applied;
  readonly peer: Performed;
  readonly product: Performed;
};

/** By stream: the sequences of its messages as they took effect. */
export type Applied = Readonly<Record<string, readonly number[]>>;

export type Performed = { readonly applied: Applied; readonly deadLettered: number };

const PLANTED = "planted/";

export const plantedName = ({ name }: Pick<PlantedBug, "name">): string => `${PLANTED}${name}`;

/**
 * By a product's name, by the name of one that is compared, or by `planted/` and the bug's name.
 *
 * @throws Error naming those that there are
 */
export async function scenarioNamed(catalogue: Catalogue, name: string): Promise<Scenario> {
  if (name.startsWith(PLANTED)) {
    const bugs = await catalogue.planted();
    const bug = bugs.find((one) => plantedName(one) === name);
    return bug?.scenario ?? unknown(name, bugs.map(plantedName));
  }
  const products = await catalogue.products();
  const found = products.find((product) => product.name === name);
  if (found !== undefined) return found;
  const { peer, product } = await catalogue.comparison();
  const known = [...products, peer, product];
  return (
    known.find((one) => one.name === name) ??
    unknown(name, [...known.map((one) => one.name), `${PLANTED}NAME`])
  );
}

function unknown(name: string, known: readonly string[]): never {
  throw new Error(`there is no scenario "${name}": name one of ${known.join(", ")}`);
}
