/**
 * The plots of the benchmark, by the name of their file.
 */
import { type BenchRow, GOALS, type RowNumber } from "../goals.ts";
import type { BenchResult } from "../result.ts";
import { barPlot, linePlot } from "./svg.ts";

export const plots = (result: BenchResult): Readonly<Record<string, string>> => ({
  "benchmark-ratios.svg": ratioPlot(result.rows),
  "benchmark-growth.svg": growthPlot(result),
  "benchmark-streams.svg": streamsPlot(result),
});

/** Rows where less is better, so that shorter bars are better throughout. */
function ratioPlot(rows: readonly BenchRow[]): string {
  const bars = rows.flatMap((row) => {
    const { ratio, m, row: number } = row;
    if (ratio === null || ratio <= 0 || GOALS[number].better === "more") return [];
    const limit = goalOf(number, row);
    const size = m === null ? "" : `, m = ${m}`;
    const name = `${number}. ${shortName(row)}${size}`;
    const label = `${ratio.toFixed(2)}x`;
    return [{ name, value: ratio, label, ...(limit === undefined ? {} : { goal: limit }) }];
  });
  return barPlot({
    title: "Inorder as a part of Powertools (1 = the same; the mark = goal)",
    bars,
  });
}

const goalOf = (_: RowNumber, { goal }: BenchRow): number | undefined => {
  const [, limit] = /^<= ([\d.]+)x$/.exec(goal) ?? [];
  return limit === undefined ? undefined : Number(limit);
};

const shortName = ({ name }: BenchRow): string => name.split(/[,:]/)[0] ?? name;

const growthPlot = ({ growth }: BenchResult): string =>
  linePlot({
    title: "A stream's length costs nothing: CPU per message",
    xName: "messages that the stream has applied",
    yName: "microseconds",
    series: [
      { name: "next batch", points: growth.map((at) => [at.length, at.commit.cpuMicros]) },
      { name: "applied batch again", points: growth.map((at) => [at.length, at.replay.cpuMicros]) },
    ],
  });

const streamsPlot = ({ streams }: BenchResult): string =>
  linePlot({
    title: "The same messages over more streams: requests per message",
    xName: "streams",
    yName: "requests",
    series: [
      { name: "Inorder", points: streams.map((at) => [at.streams, at.ours.requestsPerMessage]) },
      {
        name: "Powertools",
        points: streams.map((at) => [at.streams, at.powertools.requestsPerMessage]),
      },
    ],
  });
