// What carriers report, duplicated and out of order, becomes each order's one ordered history.
import { beforeEach, expect, test } from "vitest";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import { seededRng, shuffled } from "#kernel/rng";
import { isoInstant } from "#kernel/units";
import { confirmed, hours, orderId, placed, rejected } from "../../support/order-samples.ts";
import { orderWorld, plentyOfTime } from "../../support/order-world.ts";

const otherId = orderId.replace("0", "1");

const steps = ["approved", "handed-to-carrier", "delivered"] as const;

/** Four reports of one order, the last a final status. */
const reports = (of: string): readonly FulfilmentBody[] => [
  ...steps.map((type, index) => ({
    orderId: of,
    sequence: index + 1,
    type,
    occurredAt: isoInstant(hours(index + 1)),
  })),
  { orderId: of, sequence: 4, type: "final-status", status: "canceled" },
];

let world: ReturnType<typeof orderWorld>;

beforeEach(() => {
  world = orderWorld();
});

const reportedSequences = async (of: string): Promise<readonly unknown[]> =>
  (await world.store.read(of)).slice(2).map(({ events }) => events[0]?.data["webhookSequence"]);

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "shuffled and repeated reports are each applied once, in order (seed %i)",
  async (seed) => {
    const rng = seededRng(seed);
    await world.given(orderId, placed, confirmed);
    await world.given(otherId, placed, confirmed);
    const sent = shuffled([...reports(orderId), ...reports(otherId), ...reports(orderId)], rng);
    const consumer = world.sandbox();

    for (const body of sent) {
      const answer = await consumer.consume(await world.delivered([body]), plentyOfTime);
      expect(answer.notDurable).toEqual([]);
    }

    expect(await reportedSequences(orderId)).toEqual([1, 2, 3, 4]);
    expect(await reportedSequences(otherId)).toEqual([1, 2, 3, 4]);
    expect(await world.view(orderId)).toMatchObject({
      status: "canceled",
      approvedAt: isoInstant(hours(1)),
      deliveredAt: isoInstant(hours(3)),
      fulfilment: { status: "running", lastSequence: 4, parked: 0, violations: [] },
    });
  },
);

test("a batch of one order is one write, and a warm sandbox reads nothing", async () => {
  await world.given(orderId, placed, confirmed);
  const consumer = world.sandbox();
  const [first, ...rest] = await world.delivered(reports(orderId));
  await consumer.consume(first ? [first] : [], plentyOfTime);
  const before = { ...world.store.table.requests };

  const { report } = await consumer.consume(rest, plentyOfTime);

  expect(report).toMatchObject({ applied: 3, reads: 0, writes: 1 });
  expect(world.store.table.requests).toEqual({
    reads: before.reads,
    writes: before.writes + 1,
  });
});

test("a batch that is delivered again after its commit applies and writes nothing", async () => {
  await world.given(orderId, placed, confirmed);
  const batch = await world.delivered(reports(orderId));
  await world.sandbox().consume(batch, plentyOfTime);
  const before = world.store.table.requests.writes;

  const { notDurable, report } = await world.sandbox().consume(batch, plentyOfTime);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ applied: 0, duplicates: 4, writes: 0 });
  expect(world.store.table.requests.writes).toBe(before);
  expect(await reportedSequences(orderId)).toEqual([1, 2, 3, 4]);
});

test("a poison halts its own order with its cause; the others go on", async () => {
  await world.given(orderId, placed, confirmed);
  await world.given(otherId, placed, confirmed);
  const [approved, , , canceled] = reports(orderId);
  if (approved === undefined || canceled === undefined) throw new Error("four reports are given");
  const poison = [approved, { ...approved, sequence: 2 }, { ...canceled, sequence: 3 }];

  const batch = await world.delivered([...poison, ...reports(otherId)]);
  const { notDurable, report } = await world.sandbox().consume(batch, plentyOfTime);

  expect(notDurable).toEqual([]);
  expect(report).toMatchObject({ halted: 1, applied: 5 });
  const view = await world.view(orderId);
  expect(view).toMatchObject({
    status: "approved",
    fulfilment: {
      status: "halted",
      lastSequence: 1,
      parked: 2,
      halt: { sequence: 2, code: "fulfilment-not-expected" },
    },
  });
  expect(view.fulfilment.halt?.cause).toContain("report 1 has said so before");
  expect(await reportedSequences(otherId)).toEqual([1, 2, 3, 4]);
});

test("a report on a rejected order halts its stream", async () => {
  await world.given(orderId, placed, rejected);

  await world.sandbox().consume(await world.delivered(reports(orderId)), plentyOfTime);

  expect((await world.view(orderId)).fulfilment).toMatchObject({
    status: "halted",
    lastSequence: 0,
    halt: { sequence: 1, code: "fulfilment-not-expected" },
  });
});

test("a report that comes before the saga's end waits for it in the queue", async () => {
  await world.given(orderId, placed);
  const consumer = world.sandbox();
  const batch = await world.delivered(reports(orderId).slice(0, 1));

  const early = await consumer.consume(batch, plentyOfTime);
  await world.given(orderId, confirmed);
  const late = await consumer.consume(batch, plentyOfTime);

  expect(early.notDurable).toEqual(batch.map(({ receiptId }) => receiptId));
  expect(late.notDurable).toEqual([]);
  expect(await reportedSequences(orderId)).toEqual([1]);
});

test("a step stamped before the purchase is applied and filed as an anomaly", async () => {
  await world.given(orderId, placed, confirmed);
  const [approved] = reports(orderId);
  const early = { ...approved, occurredAt: isoInstant(hours(-1)) } as FulfilmentBody;

  await world.sandbox().consume(await world.delivered([early]), plentyOfTime);

  expect(await world.view(orderId)).toMatchObject({
    status: "approved",
    fulfilment: { status: "running", violations: [{ kind: "timestamp-anomaly", sequence: 1 }] },
  });
});

test("a step stamped when the order was placed is no anomaly", async () => {
  await world.given(orderId, placed, confirmed);
  const [approved] = reports(orderId);
  const same = { ...approved, occurredAt: isoInstant(hours(0)) } as FulfilmentBody;

  await world.sandbox().consume(await world.delivered([same]), plentyOfTime);

  expect((await world.view(orderId)).fulfilment.violations).toEqual([]);
});

test("two sandboxes that get the same batch at once apply it once", async () => {
  await world.given(orderId, placed, confirmed);
  const batch = await world.delivered(reports(orderId));

  const answers = await Promise.all([
    world.sandbox().consume(batch, plentyOfTime),
    world.sandbox().consume(batch, plentyOfTime),
  ]);

  expect(answers.flatMap(({ notDurable }) => notDurable)).toEqual([]);
  expect(answers.reduce((sum, { report }) => sum + report.applied, 0)).toBe(4);
  expect(await reportedSequences(orderId)).toEqual([1, 2, 3, 4]);
});
