// One commit that cannot be read keeps no other from being read, whatever page it is on.
import { expect, test } from "vitest";
import { commitItem } from "#adapters/aws/dynamodb/commit-items";
import { dynamoCommitLog } from "#adapters/aws/dynamodb/commit-log";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import type { EpochMs } from "#kernel/units";
import { type Commit, nextCommit, reconcile, resendSince } from "#messaging";
import { standingClock, start } from "../../support/consumer-world.ts";
import { type Answer, scriptedDynamo } from "../../support/scripted-dynamo.ts";

const UNREADABLE = "commit#0000000001 of stream torn cannot be read: its format is 2, not 1.";
const SINCE = 0 as EpochMs;

const commit = (stream: string): Commit =>
  nextCommit(stream, [], { events: [{ type: "x", data: {} }], recordedAt: start });

const item = (stream: string) => commitItem(commit(stream), "attempt");
const ofNewerFormat = (stream: string) => ({ ...item(stream), format: { N: "2" } });

const page = (items: readonly object[], more = false): Answer => ({
  status: 200,
  body: { Items: items, ...(more ? { LastEvaluatedKey: { pk: { S: "k" }, sk: { S: "k" } } } : {}) },
});

const PAGES = [
  page([ofNewerFormat("torn"), item("a")], true),
  page([ofNewerFormat("torn-too")], true),
  page([item("b")]),
];

function torn() {
  const queue = memoryFifoSender();
  const { client } = scriptedDynamo(PAGES);
  const way = { sender: queue, source: "urn:test", newId: () => "r" };
  const sent = () => queue.accepted.map(({ deduplicationId }) => deduplicationId);
  return { log: dynamoCommitLog({ client, table: "t" }), way, sent };
}

test("all others are answered, then the first that cannot be read is named", async () => {
  const { log } = torn();
  const found: Commit[] = [];
  const reading = async (): Promise<void> => {
    for await (const commits of log.since(SINCE)) found.push(...commits);
  };

  await expect(reading()).rejects.toMatchObject({ action: "retry", message: UNREADABLE });
  expect(found).toEqual([commit("a"), commit("b")]);
});

test("every other stream is reconciled, and the unreadable commit is told", async () => {
  const { log, way, sent } = torn();
  const reader = { heads: { read: async () => undefined }, types: ["x"], sender: way.sender };
  const store = { read: async (stream: string) => [commit(stream)] };
  const clock = standingClock((start + 3_600_000) as EpochMs);

  await expect(reconcile({ ...way, log, store, readers: [reader], clock }, SINCE)).rejects.toThrow(
    UNREADABLE,
  );
  expect(sent()).toEqual(["a#1#r", "b#1#r"]);
});

test("an error of a stream before it is the one that is told, and names the stream", async () => {
  const { log, way, sent } = torn();
  const reader = { heads: { read: async () => undefined }, types: ["x"], sender: way.sender };
  const store = {
    read: async (stream: string) => {
      if (stream === "a") throw new Error("away");
      return [commit(stream)];
    },
  };
  const clock = standingClock((start + 3_600_000) as EpochMs);

  await expect(reconcile({ ...way, log, store, readers: [reader], clock }, SINCE)).rejects.toThrow(
    'Stream "a" could not be brought up to sequence 1: Error: away',
  );
  expect(sent()).toEqual(["b#1#r"]);
});

test("all others are sent again, and the unreadable commit is told", async () => {
  const { log, way, sent } = torn();

  await expect(resendSince({ ...way, log }, SINCE)).rejects.toThrow(UNREADABLE);
  expect(sent()).toEqual(["a#1#r", "b#1#r"]);
});
