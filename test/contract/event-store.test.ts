// The event store over memory, over the simulator's table, and over a table.
import { describe, expect, test } from "vitest";
import { dynamoEventStore } from "#adapters/aws/dynamodb/event-store";
import { dynamoHeadStore } from "#adapters/aws/dynamodb/head-store";
import { noWrites } from "#adapters/aws/dynamodb/transaction-writes";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { type Commit, type FoldHandler, nextCommit, rebuildFrom, resend } from "#messaging";
import { simulatedTable } from "#simulation/table";
import { firstCommit, start } from "../support/consumer-world.ts";
import { createLocalTable, type LocalTable } from "../support/local-table.ts";
import { eventStoreContract, streamTailsContract } from "./event-store-contract.ts";

describe("in memory", () => {
  eventStoreContract(() => memoryEventStore());

  streamTailsContract(async () => {
    const store = memoryEventStore();
    return { store, disturb: (stream) => memoryHeadStore(store).commit(firstCommit(stream)) };
  });
});

describe("in the simulator's table", () => {
  eventStoreContract(() => memoryEventStore(simulatedTable({ now: () => 0 })));
});

describe("in DynamoDB", () => {
  eventStoreContract(async () => dynamoEventStore(await createLocalTable("events")));

  streamTailsContract(async () => {
    const place = await createLocalTable("tails");
    const heads = dynamoHeadStore({ ...place, consumer: "tested", writes: noWrites });
    return {
      store: dynamoEventStore(place),
      disturb: (stream) => heads.commit(firstCommit(stream)),
    };
  });

  test("rebuilding and sending again cost what is new, not what was before", async () => {
    const place = await createLocalTable("ranges");
    const store = dynamoEventStore(place);
    const commits: Commit[] = [];
    for (let number = 1; number <= 100; number += 1) {
      const events = [1, 2].map((each) => ({ type: "x", data: { each } }));
      commits.push(nextCommit("a", commits, { events, recordedAt: start }));
    }
    await Promise.all(commits.map((commit) => store.append(commit)));
    const counts = countingQueries(place);
    const log = { store, source: "urn:test" };

    const from = { state: 190, sequence: 190 };
    const { state, sequence } = await rebuildFrom(log, "a", counted, { from, now: start });
    expect({ state, sequence, ...counts() }).toEqual({
      state: 200,
      sequence: 200,
      requests: 1,
      items: 16,
    });

    const early = { state: 100, sequence: 100 };
    await rebuildFrom(log, "a", counted, { from: early, now: start });
    // The first look, and at most one commit for each event between it and where to begin.
    expect(counts()).toEqual({ requests: 2, items: 16 + 68 });

    const way = { ...log, sender: memoryFifoSender(), newId: () => "r" };
    expect(await resend(way, "a", { from: 11, to: 12 })).toBe(2);
    expect(counts()).toEqual({ requests: 1, items: 12 });
  });
});

const counted: FoldHandler<number> = { kind: "fold", initial: 0, evolve: (count) => count + 1 };

/** Answers what was asked and read since it was called last. */
function countingQueries({ client }: LocalTable) {
  let [requests, items] = [0, 0];
  client.middlewareStack.add((next) => async (args) => {
    const answer = await next(args);
    requests += 1;
    items += "ScannedCount" in answer.output ? Number(answer.output.ScannedCount) : 0;
    return answer;
  });
  return () => {
    const counts = { requests, items };
    [requests, items] = [0, 0];
    return counts;
  };
}
