/**
 * The outcomes of the last calls, as one sandbox saw them. Values: each outcome makes a new window.
 */

/** The newest last; true: failed. */
export type OutcomeWindow = readonly boolean[];

export const noOutcomes: OutcomeWindow = [];

export const withOutcome = (
  window: OutcomeWindow,
  hasFailed: boolean,
  callsMax: number,
): OutcomeWindow => [...window, hasFailed].slice(-callsMax);

export const failuresIn = (window: OutcomeWindow): number =>
  window.filter((hasFailed) => hasFailed).length;
