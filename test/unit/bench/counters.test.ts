// What the benchmark counts is the same on every machine, so here it gates: requests, write units
// and redelivered messages, beside stock Powertools.
import { expect, test } from "vitest";
import type { BenchRow } from "../../bench/goals.ts";
import { growth } from "../../bench/more/growth.ts";
import { poisonCourses } from "../../bench/more/poison.ts";
import { streamsSweep } from "../../bench/more/streams.ts";
import { poisonRows, redeliveryRows, requestRows } from "../../bench/rows/counters.ts";

const figures = ({ row, ours, powertools, met, uncached }: BenchRow) => ({
  row,
  ours,
  powertools,
  met,
  ...(uncached === undefined ? {} : { uncached: uncached.ours }),
});

test("ten messages of one stream in a batch: requests and write units", async () => {
  expect((await requestRows(10)).map(figures)).toEqual([
    { row: 1, ours: 0.1, powertools: 2, met: true, uncached: 0.2 },
    { row: 2, ours: 0.2, powertools: 3, met: true, uncached: 0.2 },
  ]);
});

test("one message of each stream in a batch: requests and write units", async () => {
  expect((await requestRows(1)).map(figures)).toEqual([
    { row: 1, ours: 1, powertools: 2, met: true, uncached: 2 },
    { row: 2, ours: 2, powertools: 3, met: false, uncached: 2 },
  ]);
});

test("an applied batch that comes again is read once and written never", async () => {
  expect((await redeliveryRows(10)).map(figures)).toEqual([
    { row: 9, ours: 0.1, powertools: 1, met: true },
    { row: 9, ours: 0, powertools: 1, met: true },
  ]);
  expect((await redeliveryRows(1)).map(figures)).toEqual([
    { row: 9, ours: 1, powertools: 1, met: true },
    { row: 9, ours: 0, powertools: 1, met: true },
  ]);
});

test("a poison message costs no other stream anything", async () => {
  expect((await poisonRows()).map(figures)).toEqual([
    { row: 10, ours: 1, powertools: 10, met: true },
  ]);
  const [ours, stock] = await poisonCourses();
  expect(ours).toMatchObject({ redelivered: 0, deadLettered: 0, appliedBehindPoison: 0 });
  expect(stock).toMatchObject({ othersDeadLettered: 9, appliedBehindPoison: 4 });
});

test("neither the next batch nor a replay costs more in a longer stream", async () => {
  const counts = (await growth([10, 1_000])).map(({ commit, replay, items }) => ({
    commit: [commit.requests, commit.writeUnits, commit.readUnits],
    replay: [replay.requests, replay.writeUnits, replay.readUnits],
    items,
  }));

  expect(counts[1]).toEqual(counts[0]);
  expect(counts[0]).toMatchObject({ replay: [0.1, 0, 0.1], items: 1 });
});

test("streams that are not remembered cost a read each, and less than Powertools", async () => {
  const [point] = await streamsSweep(4_000, [{ streams: 2_000, m: 1 }]);

  expect(point?.ours).toMatchObject({ requestsPerMessage: 2, readUnitsPerMessage: 1 });
  expect(point?.powertools).toMatchObject({ requestsPerMessage: 3, writeUnitsPerMessage: 3 });
});
