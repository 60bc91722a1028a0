/**
 * Reports that can never be applied, for a replay that shows what a halted stream does: the sender
 * says a step twice, under two numbers, and everything it says afterwards waits behind the second.
 */
import type { FulfilmentData } from "#contracts/events/fulfilment-message";
import { Failure } from "#kernel/failure";
import { type Rng, shuffled } from "#kernel/rng";
import type { EpochMs } from "#kernel/units";
import { type FulfilmentStep, IMPLIED, type Report, stepsOf } from "./fulfilment.ts";
import type { FileOrder } from "./olist.ts";

/** What an operator decides about such a report. */
export type Resolution = "skip" | "replace";

/** The repeated step, with the number that the sender gave it. */
export type Poison = { readonly sequence: number; readonly type: FulfilmentStep };

/**
 * Which of the candidates get one. Throws `Failure` `invalid-request` (reject) where there are not
 * so many.
 *
 * @param candidates for each order whether one can be put into it
 */
export function drawPoisoned(
  count: number,
  candidates: readonly boolean[],
  rng: Rng,
): ReadonlySet<number> {
  const able = candidates.flatMap((isAble, index) => (isAble ? [index] : []));
  if (count > able.length) {
    throw new Failure(
      "invalid-request",
      "reject",
      `Only ${able.length} of ${candidates.length} orders are paid for and have a step; ` +
        `${count} were asked to be poisoned: poison fewer, or replay more orders.`,
    );
  }
  return new Set(shuffled(able, rng).slice(0, count));
}

/** The sender's reports with one step said twice, anywhere behind the first. */
export function withPoison(
  source: FileOrder,
  reports: readonly Report[],
  rng: Rng,
): { readonly reports: readonly Report[]; readonly poison: Poison } {
  const steps = stepsOf(source);
  const place = rng.int(steps.length);
  const said = steps.slice(0, place + 1);
  const repeated = said.at(-1);
  if (repeated === undefined) throw new RangeError("an order without a step cannot be poisoned");
  // Not earlier than what came before: it is to be wrong in one way only.
  const occurredAt = Math.max(source.purchasedAt, ...said.map((step) => step.occurredAt));
  const sequence = said.length + 1;
  const { type } = repeated;
  return {
    poison: { sequence, type },
    reports: [
      ...reports.slice(0, said.length),
      { sequence, type, occurredAt: occurredAt as EpochMs },
      ...reports.slice(said.length).map((later) => ({ ...later, sequence: later.sequence + 1 })),
    ],
  };
}

/** What the operator says in its place: the state that the order is in anyway. */
export const replacementOf = ({
  sequence,
  type,
}: Poison): Extract<Report, { status: unknown }> => ({
  sequence,
  type: "final-status",
  status: IMPLIED[type],
});

/** The same as the data of the message that replaces it. */
export function replacementData(poison: Poison, receivedAt: EpochMs): FulfilmentData {
  const { type: report, status } = replacementOf(poison);
  return { report, status, receivedAt };
}
