/**
 * What a sweep and a redelivery together must do to a gap, over whatever stores and queues: a fold
 * of a producer's events misses one, its deadline passes, and in the end it has all of them.
 */
import { expect, test } from "vitest";
import { type DurationMs, later, milliseconds } from "#kernel/units";
import {
  encode,
  envelopesOf,
  type EventStore,
  type FifoSender,
  type FoldHandler,
  type HeadIndex,
  type HeadStore,
  nextCommit,
  orderedConsumer,
  type QueueRecord,
  redeliveryFrom,
  sweep,
} from "#messaging";
import { standingClock, start, unhurried } from "../support/consumer-world.ts";

export type GapRepairWorld = {
  /** The producer's. */
  readonly store: EventStore;
  readonly heads: HeadStore;
  readonly index: HeadIndex;
  /** Into the consumer's own queue. */
  readonly sender: FifoSender;
  /** Takes out everything that is in that queue. */
  readonly receive: () => Promise<readonly QueueRecord[]>;
};

const SOURCE = "urn:test:orders";
const DEADLINE: DurationMs = milliseconds(60_000);

const sum: FoldHandler<number> = {
  kind: "fold",
  initial: 0,
  evolve: (state, { data }) => state + Number(data["step"]),
};

export function gapRepairContract(open: () => Promise<GapRepairWorld> | GapRepairWorld): void {
  async function opened() {
    const world = await open();
    const { store, heads, index, sender } = world;
    const clock = standingClock(start);
    let ids = 0;
    const newId = () => `${start}-${(ids += 1)}`;
    const consumer = orderedConsumer({
      handler: sum,
      heads,
      deadLetters: { bury: () => Promise.reject(new Error("nothing is buried here")) },
      clock,
      newId,
      settings: { gapDeadlineMs: DEADLINE },
      recovery: {
        gap: {
          severity: "critical",
          recovery: { kind: "request-redelivery", deadlineMs: DEADLINE, triesMax: 3 },
        },
      },
      redelivery: redeliveryFrom({ store, sender, source: SOURCE, newId }),
    });
    return {
      ...world,
      clock,
      sweepOnce: () => sweep({ index, sender, clock, newId, source: "urn:test:sweep" }),
      consume: (records: readonly QueueRecord[]) => consumer.consume(records, unhurried),
    };
  }

  /** Events 1, 2, 3 of `stream`, of which the relay has lost the second. */
  async function lossy({ store, consume }: Awaited<ReturnType<typeof opened>>, stream: string) {
    const data = (step: number) => ({ type: "x", data: { step } });
    const events = [data(1), data(10), data(100)];
    const commit = nextCommit(stream, [], { events, recordedAt: start });
    await store.append(commit);
    const [one, , three] = envelopesOf(commit, SOURCE).map((envelope) => ({
      receiptId: envelope.id,
      group: stream,
      body: encode(envelope),
    }));
    if (one !== undefined && three !== undefined) await consume([one, three]);
  }

  test("a gap is swept, asked for, answered with what is missing, and closed", async () => {
    const world = await opened();
    const { clock, heads, sweepOnce, receive, consume } = world;
    await lossy(world, "a");

    expect(await sweepOnce()).toEqual([]);
    clock.at = later(start, DEADLINE);
    expect(await sweepOnce()).toEqual(["a"]);

    const ticks = await receive();
    expect(ticks.map(({ group }) => group)).toEqual(["a"]);
    await consume(ticks);
    const answer = await receive();
    expect(answer.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(["a#2"]);
    const { report } = await consume(answer);

    expect(report).toMatchObject({ applied: 2, released: 1 });
    expect(await heads.read("a")).toMatchObject({ last: 3, state: 111, parked: [] });
    clock.at = later(clock.at, DEADLINE);
    expect(await sweepOnce()).toEqual([]);
  });

  test("a redelivery that comes twice changes nothing", async () => {
    const world = await opened();
    const { clock, heads, sweepOnce, receive, consume } = world;
    await lossy(world, "a");
    clock.at = later(start, DEADLINE);
    await sweepOnce();
    await consume(await receive());
    const answer = await receive();
    await consume(answer);

    const { report } = await consume(answer);

    expect(report).toMatchObject({ duplicates: 1, applied: 0 });
    expect(await heads.read("a")).toMatchObject({ last: 3, state: 111 });
  });

  test("one sweep ticks the longest due and leaves the rest to the next", async () => {
    const world = await opened();
    const { clock, index, sender } = world;
    for (const stream of ["a", "b", "c"]) {
      await lossy(world, stream);
      clock.at = later(clock.at, milliseconds(1));
    }
    clock.at = later(start, milliseconds(2 * DEADLINE));
    let ids = 0;
    const newId = () => `tick-${(ids += 1)}`;

    const ticked = await sweep({
      index,
      sender,
      clock,
      newId,
      source: "urn:test:sweep",
      streamsMax: 2,
    });

    expect(ticked).toEqual(["a", "b"]);
    expect((await world.receive()).map(({ group }) => group).toSorted()).toEqual(["a", "b"]);
  });
}
