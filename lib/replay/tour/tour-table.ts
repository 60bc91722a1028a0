/**
 * The tour for a person: each walk's steps, what was answered, and the id to look it up by.
 */
import type { ReplayReport } from "#contracts/report";

type Tour = readonly ReplayReport["tour"][number][];

const WIDTH = 100;
const ID_WIDTH = 26;

export const isTourRight = (tour: Tour): boolean => wrongSteps(tour).length === 0;

export const wrongSteps = (tour: Tour): readonly Tour[number]["steps"][number][] =>
  tour.flatMap(({ steps }) => steps.filter(({ wrong }) => wrong.length > 0));

export function tourLines(tour: Tour): readonly string[] {
  const steps = tour.flatMap((walk) => walk.steps);
  const stepWidth = Math.max(...steps.map(({ step }) => step.length), 0);
  const answerWidth = WIDTH - ID_WIDTH - stepWidth - FRAME;
  return tour.flatMap((walk) => [
    `  ${walk.name} (${walk.seconds.toFixed(1)} s)`,
    ...walk.steps.flatMap(({ step, answered, id, wrong }) => {
      const shown = cut(answered, answerWidth).padEnd(answerWidth);
      return [
        `    ${step.padEnd(stepWidth)}  ${shown} ${cut(id, ID_WIDTH)}`.trimEnd(),
        ...wrong.map((reason) => `${WRONG}${cut(reason, WIDTH - WRONG.length)}`),
      ];
    }),
  ]);
}

/** Blanks before and between the columns. */
const FRAME = 4 + 2 + 1;
const WRONG = "      WRONG: ";

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 3)}...`;
