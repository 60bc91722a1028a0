/**
 * What is wrong with an order's books by themselves: a movement that is not balanced, a step
 * without its movement or the other way round, more paid back than taken.
 */
import { isBalanced, type Movement, receivedBy } from "./ledger.ts";
import type { OrderBooks, PaymentStep } from "./ports.ts";

/** In words for an operator; none when the books are right. */
export function faultsIn({ steps, movements }: OrderBooks): readonly string[] {
  const moved = new Map<string, Movement>(movements.map((movement) => [movement.name, movement]));
  const expected = new Map<string, Expected>(
    steps.flatMap(({ name, step }) => {
      const amount = movedBy(name, step);
      return amount === 0 ? [] : [[name, { step, amount }] as const];
    }),
  );
  return [
    ...movements.filter((movement) => !isBalanced(movement)).map(({ name }) => unbalanced(name)),
    ...[...expected].flatMap(([name, { step, amount }]) =>
      agrees(moved.get(name), step, amount) ? [] : [`${name} is recorded, the ledger differs`],
    ),
    ...[...moved.keys()]
      .filter((name) => !expected.has(name))
      .map((name) => `the ledger has ${name}, which no step has recorded`),
    ...overpaid(movements),
  ];
}

type Expected = { readonly step: PaymentStep; readonly amount: number };

/** What the provider's account receives by a step. */
function movedBy(name: string, step: PaymentStep): number {
  if (step.kind !== "done" || step.status !== "captured" || name === "authorise") return 0;
  return name === "capture" ? step.amount : -step.amount;
}

const agrees = (movement: Movement | undefined, step: PaymentStep, amount: number): boolean =>
  movement !== undefined &&
  step.kind === "done" &&
  movement.paymentId === step.paymentId &&
  movement.currency === step.currency &&
  receivedBy("provider", movement) === amount;

function overpaid(movements: readonly Movement[]): readonly string[] {
  const left = movements.reduce((sum, movement) => sum + receivedBy("provider", movement), 0);
  return left < 0 ? [`${-left} more has been paid back than was taken`] : [];
}

const unbalanced = (name: string): string => `the lines of ${name} do not sum to zero`;
