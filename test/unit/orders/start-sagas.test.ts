// Every placed order gets its saga; what is none is buried, what failed comes again.
import { expect, test } from "vitest";
import { memorySagaStarter } from "#adapters/memory/saga-starter";
import type { QueueRecord } from "#messaging";
import { notStarted, startSagas } from "#services/orders/usecases/start-sagas";
import { facts, orderId } from "../../support/order-samples.ts";

const otherId = orderId.replace("0", "1");

const record = (receiptId: string, change: object = {}): QueueRecord => ({
  receiptId,
  group: orderId,
  body: JSON.stringify({
    specversion: "1.0",
    id: `${orderId}#1`,
    source: "urn:inorder:orders",
    type: "order.placed",
    partitionkey: orderId,
    sequence: 1,
    data: facts,
    ...change,
  }),
});

function deadLetters() {
  const buried: string[] = [];
  return {
    buried,
    bury: async ({ receiptId }: QueueRecord, cause: string) => {
      buried.push(`${receiptId}: ${cause}`);
    },
  };
}

test("each order's saga is started once", async () => {
  const starter = memorySagaStarter();

  const outcomes = await startSagas({ starter, deadLetters: deadLetters() }, [
    record("r1"),
    record("r2", { partitionkey: otherId }),
    record("r3"),
  ]);

  expect(starter.started).toEqual([orderId, otherId]);
  expect(outcomes).toEqual([
    { receiptId: "r1", kind: "running", orderId },
    { receiptId: "r2", kind: "running", orderId: otherId },
    { receiptId: "r3", kind: "running", orderId },
  ]);
  expect(notStarted(outcomes)).toEqual([]);
});

test("a saga that has ended badly is told of and not started again", async () => {
  const starter = memorySagaStarter(() => "FAILED");
  await starter.start(orderId);

  const outcomes = await startSagas({ starter, deadLetters: deadLetters() }, [record("r1")]);

  expect(outcomes).toEqual([
    { receiptId: "r1", kind: "needs-attention", orderId, status: "FAILED" },
  ]);
  expect(notStarted(outcomes)).toEqual([]);
});

test("a start that fails comes again and costs no other", async () => {
  const starter = memorySagaStarter();
  const failing = {
    start: (id: string) =>
      id === orderId ? Promise.reject(new Error("no route")) : starter.start(id),
  };

  const outcomes = await startSagas({ starter: failing, deadLetters: deadLetters() }, [
    record("r1"),
    record("r2", { partitionkey: otherId }),
  ]);

  expect(notStarted(outcomes)).toEqual(["r1"]);
  expect(starter.started).toEqual([otherId]);
});

test.each([
  { name: "another event", change: { type: "order.confirmed" }, says: "order.confirmed" },
  { name: "no order id", change: { partitionkey: "x" }, says: "not an order id" },
  { name: "no envelope", change: { specversion: "0.3" }, says: "specversion" },
])("a message with $name is buried with its cause", async ({ change, says }) => {
  const starter = memorySagaStarter();
  const letters = deadLetters();

  const outcomes = await startSagas({ starter, deadLetters: letters }, [record("r1", change)]);

  expect(letters.buried.join()).toContain(says);
  expect(outcomes[0]?.kind).toBe("buried");
  expect(starter.started).toEqual([]);
  expect(notStarted(outcomes)).toEqual([]);
});

test("what cannot be buried comes again", async () => {
  const starter = memorySagaStarter();
  const full = { bury: () => Promise.reject(new Error("queue gone")) };

  const outcomes = await startSagas({ starter, deadLetters: full }, [
    record("r1", { specversion: "0.3" }),
  ]);

  expect(notStarted(outcomes)).toEqual(["r1"]);
});
