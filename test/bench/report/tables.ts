/**
 * What a run found as tables, on a terminal and in docs/benchmark.md alike.
 */
import type { Table } from "../../../bin/simulation/columns.ts";
import type { BenchRow } from "../goals.ts";
import type { Spread } from "../measure/spread.ts";
import type { BenchResult } from "../result.ts";

export const rowTable = (rows: readonly BenchRow[]): Table => ({
  headings: [
    "#",
    "measure",
    "m",
    "Inorder",
    "Powertools",
    "ratio",
    "min / median / max",
    "goal",
    "met",
    "uncached",
    "alone",
  ],
  rows: rows.map((row) => [
    String(row.row),
    `${row.name} (${row.unit})`,
    row.m === null ? "" : String(row.m),
    number(row.ours),
    row.powertools === null ? "-" : number(row.powertools),
    row.ratio === null ? "-" : times(row.ratio),
    row.rounds === undefined ? "counted" : spread(row.rounds),
    row.goal,
    row.goal === "none" ? "" : row.met ? "yes" : "**no**",
    row.uncached === undefined ? "" : `${number(row.uncached.ours)}, ${times(row.uncached.ratio)}`,
    row.alone === undefined ? "" : times(row.alone.ratio),
  ]),
});

export const noteTable = (rows: readonly BenchRow[]): Table => ({
  headings: ["#", "m", "note"],
  rows: rows.flatMap(({ row, m, note }) =>
    note === undefined ? [] : [[String(row), m === null ? "" : String(m), note]],
  ),
});

export const growthTable = ({ growth }: BenchResult): Table => ({
  headings: ["applied before", "next batch", "CPU us", "applied again", "CPU us", "head", "items"],
  rows: growth.map(({ length, commit, replay, headBytes, items }) => [
    length.toLocaleString("en"),
    `${number(commit.requests)} requests, ${number(commit.writeUnits)} WRU`,
    number(commit.cpuMicros),
    `${number(replay.requests)} requests, ${number(replay.readUnits)} RRU`,
    number(replay.cpuMicros),
    `${headBytes} bytes`,
    String(items),
  ]),
});

export const parkedTable = ({ parked }: BenchResult): Table => ({
  headings: ["waiting streams", "remembered at most", "heap", "heap for one", "stored for one"],
  rows: parked.map((one) => [
    one.streams.toLocaleString("en"),
    one.cachedMax.toLocaleString("en"),
    `${number(one.heapBytes / 1e6)} MB`,
    `${number(one.heapBytesPerCachedStream)} bytes`,
    `${number(one.storedBytesPerStream)} bytes`,
  ]),
});

export const streamsTable = ({ streams }: BenchResult): Table => ({
  headings: ["streams", "m", "requests", "Powertools", "WRU", "Powertools", "CPU us", "Powertools"],
  rows: streams.map(({ streams: some, m, ours, powertools }) => [
    some.toLocaleString("en"),
    String(m),
    number(ours.requestsPerMessage),
    number(powertools.requestsPerMessage),
    number(ours.writeUnitsPerMessage),
    number(powertools.writeUnitsPerMessage),
    number(ours.cpuMicrosPerMessage),
    number(powertools.cpuMicrosPerMessage),
  ]),
});

export const poisonTable = ({ poison }: BenchResult): Table => ({
  headings: [
    "consumer",
    "redelivered",
    "of other streams",
    "dead-lettered",
    "of other streams",
    "applied behind the poison",
  ],
  rows: poison.map((one) => [
    one.subject,
    String(one.redelivered),
    String(one.othersRedelivered),
    String(one.deadLettered),
    String(one.othersDeadLettered),
    String(one.appliedBehindPoison),
  ]),
});

export const cloudTable = ({ cloud }: BenchResult): Table => ({
  headings: ["m", "Inorder, ms per message", "Powertools", "ratio, min / median / max"],
  rows: cloud.map(({ m, ours, powertools, ratio }) => [
    String(m),
    number(ours),
    number(powertools),
    spread(ratio),
  ]),
});

const spread = ({ min, median, max }: Spread): string => [min, median, max].map(times).join(" / ");

const times = (ratio: number): string => `${number(ratio)}x`;

/** Three digits that matter. */
function number(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) {
    return Math.round(value).toLocaleString("en");
  }
  return String(Number(value.toPrecision(3)));
}
