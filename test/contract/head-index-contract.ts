/**
 * What every index of heads, and what every audit log, must do. An adapter's own test file calls
 * this with a constructor of them and of the empty head store that they belong to.
 */
import { expect, test } from "vitest";
import type { EpochMs } from "#kernel/units";
import {
  type AppendWrite,
  type AuditLog,
  type AuditRecord,
  type BesideWrite,
  type Head,
  type HeadIndex,
  type HeadStore,
  type Message,
  neverWritten,
  type PlacedAuditRecord,
} from "#messaging";
import { start } from "../support/consumer-world.ts";

export type HeadIndexUnderTest = {
  readonly heads: HeadStore<AppendWrite>;
  readonly index: HeadIndex;
  readonly audit: AuditLog;
};

const at = (ms: number): EpochMs => (start + ms) as EpochMs;

const head = (stream: string, version: number, over: Partial<Head> = {}) => ({
  ...neverWritten(stream),
  version,
  attemptId: `${stream}-${version}`,
  ...over,
});

const halted = (ms: number): Partial<Head> => ({
  status: "halted",
  halt: { sequence: 1, messageId: "m", code: "conflict", message: "why", at: at(ms) },
});

const skipped = (from: number): AuditRecord => ({
  kind: "gap-skipped",
  at: at(from),
  skipped: { from, to: from },
});

const replaced = (sequence: number, text: string): AuditRecord => ({
  kind: "decision",
  at: start,
  decision: {
    kind: "replace",
    id: `d${sequence}`,
    stream: "a",
    author: "ada",
    reason: "because",
    sequence,
    data: { text },
  },
});

const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);

const message = (sequence: number): Message => ({
  id: `a#${sequence}`,
  source: "urn:test",
  type: "test.happened",
  stream: "a",
  sequence,
  data: { text: 'é\n"', step: sequence },
});

const park = (sequence: number): BesideWrite => ({ kind: "park", message: message(sequence) });

export function headIndexContract(
  open: () => HeadIndexUnderTest | Promise<HeadIndexUnderTest>,
): void {
  const opened = async (written: readonly ReturnType<typeof head>[]) => {
    const world = await open();
    for (const each of written) await world.heads.commit({ head: each, writes: [] });
    return world;
  };

  test("streams are due from their instant on, the longest due first", async () => {
    const { index } = await opened([
      head("a", 1, { dueAt: at(2_000) }),
      head("b", 1, { dueAt: at(1_000) }),
      head("c", 1, { dueAt: at(2_001) }),
      head("d", 1),
    ]);

    expect(await index.due(at(2_000), 10)).toEqual(["b", "a"]);
    expect(await index.due(at(999), 10)).toEqual([]);
  });

  test("no more are answered than asked for, and those are the oldest", async () => {
    const streams = ["e", "d", "c", "b", "a", "f", "g", "h"];
    const { index } = await opened([
      ...streams.map((stream, ms) => head(stream, 1, { dueAt: at(ms) })),
      ...streams.map((stream, ms) => head(`h-${stream}`, 1, halted(ms))),
    ]);

    expect(await index.due(at(9), 3)).toEqual(["e", "d", "c"]);
    expect(await index.halted(3)).toEqual(["h-e", "h-d", "h-c"]);
  });

  test("a halted stream is in its own list alone, also when it is due", async () => {
    const { index } = await opened([head("a", 1, { ...halted(0), dueAt: at(0) })]);

    expect(await index.halted(10)).toEqual(["a"]);
    expect(await index.due(at(1), 10)).toEqual([]);
  });

  test("a stream that is well again is in none", async () => {
    const { heads, index } = await opened([
      head("a", 1, halted(0)),
      head("b", 1, { dueAt: at(0) }),
    ]);

    for (const stream of ["a", "b"]) await heads.commit({ head: head(stream, 2), writes: [] });

    expect(await index.halted(10)).toEqual([]);
    expect(await index.due(at(1), 10)).toEqual([]);
  });

  test("audit records are kept with their version, in order, and of no other stream", async () => {
    const { heads, audit } = await open();
    const commit = (stream: string, version: number, from: readonly number[]) =>
      heads.commit({
        head: head(stream, version),
        writes: [],
        beside: from.map((sequence) => ({ kind: "record", record: skipped(sequence) })),
      });
    await commit("a", 1, [1, 2]);
    for (let version = 2; version <= 11; version += 1) await commit("a", version, [version]);
    await commit("ab", 1, [99]);

    const records = await audit.records("a", 100);
    expect(records.slice(0, 2)).toEqual([
      { version: 1, index: 0, record: skipped(1) },
      { version: 1, index: 1, record: skipped(2) },
    ]);
    expect(records.map(({ version }) => version)).toEqual([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await audit.records("a", 2, { version: 9 })).toEqual([
      { version: 10, index: 0, record: skipped(10) },
      { version: 11, index: 0, record: skipped(11) },
    ]);
    expect(await audit.records("unknown", 10)).toEqual([]);
  });

  test("audit records go on behind any of them, also within one version", async () => {
    const { heads, audit } = await open();
    const written = Array.from({ length: 12 }, (_, index) => skipped(index));
    // What is not a record takes an index too.
    const beside: readonly BesideWrite[] = [
      ...written.map((record) => ({ kind: "record", record }) as const),
      park(99),
      { kind: "record", record: skipped(100) },
    ];
    await heads.commit({ head: head("a", 1), writes: [], beside });
    const found: PlacedAuditRecord[] = [];
    for (let looks = 0; looks < 14; looks += 1) {
      found.push(...(await audit.records("a", 1, found.at(-1))));
    }

    expect(found.map(({ record }) => record)).toEqual([...written, skipped(100)]);
    expect(found.map(({ index }) => index)).toEqual([...written.keys(), 13]);
  });

  test("as many audit records are answered as asked for, however large they are", async () => {
    const { heads, audit } = await open();
    const text = "x".repeat(250_000);
    for (let version = 1; version <= 10; version += 1) {
      const record = replaced(version, text);
      await heads.commit({
        head: head("a", version),
        writes: [],
        beside: [{ kind: "record", record }],
      });
    }

    expect((await audit.records("a", 9)).map(({ version }) => version)).toEqual(upTo(9));
    expect((await audit.records("a", 100)).map(({ version }) => version)).toEqual(upTo(10));
  });

  test("parked bodies are found by sequence until they are taken out", async () => {
    const { heads } = await open();
    const beside = [park(2), park(3), park(1_000)];
    await heads.commit({ head: head("a", 1), writes: [], beside });

    expect(await heads.readParked("a", [2, 1_000, 4])).toEqual(
      expect.arrayContaining([message(2), message(1_000)]),
    );
    await heads.commit({
      head: head("a", 2),
      writes: [],
      beside: [{ kind: "unpark", sequence: 2 }],
    });

    expect(await heads.readParked("a", [2, 3])).toEqual([message(3)]);
    expect(await heads.readParked("b", [3])).toEqual([]);
  });

  test("a commit that is fenced leaves nothing beside the head", async () => {
    const { heads, audit } = await opened([head("a", 1)]);
    const beside: readonly BesideWrite[] = [park(2), { kind: "record", record: skipped(1) }];

    const late = { ...head("a", 1), attemptId: "late" };
    expect((await heads.commit({ head: late, writes: [], beside })).kind).toBe("fenced");

    expect(await heads.readParked("a", [2])).toEqual([]);
    expect(await audit.records("a", 10)).toEqual([]);
  });
}
