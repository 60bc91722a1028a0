// Every placed order gets its saga, once however often it is told of; what begins no saga halts.
import { expect, test } from "vitest";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import { memoryTable } from "#adapters/memory/table";
import { Failure } from "#kernel/failure";
import { seconds } from "#kernel/units";
import { type EventStore, type HeadStore, orderedConsumer, type QueueRecord } from "#messaging";
import { sagaRun } from "#services/orders/domain/runs";
import type { Run } from "#services/orders/ports";
import { commitOf, newOrder } from "#services/orders/usecases/order-stream";
import { sagaStartHandler, type StartSagasPorts } from "#services/orders/usecases/start-sagas";
import { standingClock, unhurried } from "../../support/consumer-world.ts";
import { facts, now, orderId, placed } from "../../support/order-samples.ts";

const otherId = orderId.replace("0", "1");

const record = (
  receiptId: string,
  stream = orderId,
  change: object = {},
): QueueRecord & { readonly group: string } => ({
  receiptId,
  group: stream,
  body: JSON.stringify({
    specversion: "1.0",
    id: `${stream}#1`,
    source: "urn:inorder:orders",
    type: "order.placed",
    partitionkey: stream,
    sequence: 1,
    data: facts,
    ...change,
  }),
});

function world(
  starter: StartSagasPorts["starter"] = memorySagaStarter(),
  store: EventStore = memoryEventStore(),
) {
  const heads = memoryHeadStore({ table: memoryTable() }) as unknown as HeadStore;
  const deadLetters = memoryDeadLetters();
  const told: string[] = [];
  let ids = 0;
  const consumer = orderedConsumer({
    handler: sagaStartHandler(
      {
        starter,
        store,
        clock: standingClock(),
        tell: (order, { kind }) => told.push(`${order} ${kind}`),
      },
      seconds(11),
    ),
    heads,
    deadLetters,
    clock: standingClock(),
    newId: () => `id-${(ids += 1)}`,
  });
  const consume = (...records: readonly QueueRecord[]) => consumer.consume(records, unhurried);
  return { consume, heads, deadLetters, told };
}

test("each order's saga is started once, however often its message comes", async () => {
  const starter = memorySagaStarter();
  const { consume, told } = world(starter);

  const { notDurable } = await consume(record("r1"), record("r2", otherId), record("r3"));
  const again = await consume(record("r4"));

  expect([notDurable, again.notDurable]).toEqual([[], []]);
  expect(again.report.duplicates).toBe(1);
  expect(starter.started.toSorted()).toEqual([orderId, otherId].toSorted());
  expect(told.toSorted()).toEqual([`${orderId} running`, `${otherId} running`].toSorted());
});

test("a saga that has ended badly is told of and not started again", async () => {
  const starter = memorySagaStarter(() => "FAILED");
  const store = memoryEventStore();
  await store.append(commitOf(newOrder(orderId), [placed], { now }));
  await starter.start(sagaRun(orderId, 0));
  const { consume, told } = world(starter, store);

  const { notDurable } = await consume(record("r1"));

  expect(notDurable).toEqual([]);
  expect(told).toEqual([`${orderId} needs-attention`]);
  const [, filed] = await store.read(orderId);
  expect(filed?.events).toMatchObject([
    { type: "order.needs-attention", data: { run: 0, kind: "failed" } },
  ]);
  expect(starter.started).toEqual([orderId]);
});

test("a start that fails comes again, costs no other, and is made in the end", async () => {
  const starter = memorySagaStarter();
  let failures = 2;
  const failing = {
    start(run: Run) {
      if (run.name !== orderId || failures === 0) return starter.start(run);
      failures -= 1;
      return Promise.reject(new Failure("store-unavailable", "retry", "no route"));
    },
  };
  const { consume } = world(failing);

  expect((await consume(record("r1"), record("r2", otherId))).notDurable).toEqual(["r1"]);
  expect(starter.started).toEqual([otherId]);
  expect((await consume(record("r1"))).notDurable).toEqual(["r1"]);
  expect((await consume(record("r1"))).notDurable).toEqual([]);
  expect(starter.started).toEqual([otherId, orderId]);
});

test.each([
  { name: "another event", stream: orderId, change: { type: "order.confirmed" }, says: "type" },
  { name: "no order id", stream: "x", change: {}, says: "not an order id" },
])("a message with $name halts its stream with its cause", async ({ stream, change, says }) => {
  const starter = memorySagaStarter();
  const { consume, heads } = world(starter);

  const { notDurable } = await consume(record("r1", stream, change));

  expect(notDurable).toEqual([]);
  expect(await heads.read(stream)).toMatchObject({
    status: "halted",
    halt: { code: "malformed-message", message: expect.stringContaining(says) as unknown },
  });
  expect(starter.started).toEqual([]);
});

test("what is no envelope goes to the dead letters", async () => {
  const { consume, deadLetters } = world();

  const { notDurable } = await consume(record("r1", orderId, { specversion: "0.3" }));

  expect(notDurable).toEqual([]);
  expect(deadLetters.buried.map(({ cause }) => cause).join()).toContain("specversion");
});
