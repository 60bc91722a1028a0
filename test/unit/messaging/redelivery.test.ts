// What one request for a missing range sends is bounded; the next deadline asks for what is left.
import { expect, test } from "vitest";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { later, milliseconds } from "#kernel/units";
import { envelopesOf, nextCommit, redeliveryFrom } from "#messaging";
import {
  commands,
  consumerWorld,
  deliveries,
  start,
  unhurried,
} from "../../support/consumer-world.ts";

const SOURCE = "urn:test:orders";
const DEADLINE_MS = milliseconds(60_000);

/** A producer with so many events of one stream, and the way it answers. */
async function producer(count: number) {
  const store = memoryEventStore();
  const queue = memoryFifoSender();
  const events = Array.from({ length: count }, () => ({ type: "x", data: {} }));
  const commit = nextCommit("a", [], { events, recordedAt: start });
  await store.append(commit);
  let requests = 0;
  const newId = () => `r${(requests += 1)}`;
  const redelivery = redeliveryFrom({ store, sender: queue, source: SOURCE, newId });
  return { redelivery, queue, envelopes: envelopesOf(commit, SOURCE) };
}

const sequencesOf = ({ accepted }: ReturnType<typeof memoryFifoSender>) =>
  accepted.map(({ envelope }) => ("sequence" in envelope ? envelope.sequence : undefined));

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

test.for([
  [1, 200, 200],
  [2, 201, 201],
  [2, 202, 201],
  [2, 900, 201],
  [701, 900, 900],
  [900, 900, 900],
] as const)("of %d to %d it sends up to %d", async ([from, to, last]) => {
  const { redelivery, queue } = await producer(900);

  await redelivery.request("a", { from, to });

  expect(sequencesOf(queue)).toEqual(range(from, last));
});

test("a store that has less than one request sends says so", async () => {
  const { redelivery, queue } = await producer(150);

  await expect(redelivery.request("a", { from: 1, to: 5_000 })).rejects.toMatchObject({
    code: "conflict",
    action: "retry",
    message:
      'Of sequences 1 to 200 of stream "a" the producer\'s store has 150: resolve the stream by ' +
      "hand when that does not change.",
  });
  expect(sequencesOf(queue)).toEqual(range(1, 150));
});

test("a gap longer than one request closes over several deadlines, without a halt", async () => {
  const { redelivery, queue, envelopes } = await producer(452);
  const recovery = {
    gap: {
      severity: "critical",
      recovery: { kind: "request-redelivery", deadlineMs: DEADLINE_MS, triesMax: 1 },
    },
  } as const;
  const world = consumerWorld({ recovery, redelivery, settings: { gapDeadlineMs: DEADLINE_MS } });
  const [deliver, command] = [deliveries(), commands()];
  const consumer = world.sandbox();
  const consumed = (sequence: number) =>
    consumer.consume(
      envelopes.filter((one) => one.sequence === sequence).map((one) => deliver(one)),
      unhurried,
    );
  await consumed(1);
  await consumed(452);

  const ends: number[] = [];
  for (let deadline = 0; deadline < 3; deadline += 1) {
    world.clock.at = later(world.clock.at, DEADLINE_MS);
    await consumer.consume([command("a", { kind: "tick", id: `t${deadline}` })], unhurried);
    for (const sequence of sequencesOf(queue).slice((await world.head("a")).last - 1)) {
      if (sequence !== undefined) await consumed(sequence);
    }
    ends.push((await world.head("a")).last);
  }

  expect(ends).toEqual([201, 401, 452]);
  expect(await world.head("a")).toMatchObject({ status: "running", parked: [] });
  expect(sequencesOf(queue)).toEqual(range(2, 451));
});
