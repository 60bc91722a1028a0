// One report becomes one commit of its order's stream, or a failure that says what to do with the
// message.
import { expect, test } from "vitest";
import { FULFILMENT_SOURCE, FULFILMENT_TYPE } from "#contracts/events/fulfilment-message";
import type { JsonObject } from "#kernel/json";
import type { EpochMs } from "#kernel/units";
import type { Commit, Message } from "#messaging";
import type { OrderEvent } from "#services/orders/domain/events";
import { commitOf, type LoadedOrder, loadOrder } from "#services/orders/usecases/order-stream";
import { fulfilmentHandler } from "#services/orders/usecases/report-fulfilment";
import {
  confirmed,
  hours,
  now,
  orderId,
  placed,
  placedAt,
  rejected,
} from "../../support/order-samples.ts";

function given(...events: readonly OrderEvent[]) {
  const commits: Commit[] = [];
  for (const event of events) {
    commits.push(commitOf(loadOrder(orderId, commits), [event], { now }));
  }
  return fulfilmentHandler({ read: async () => commits });
}

const receivedAt = now - 500;

function message(sequence: number, data: JsonObject, change: Partial<Message> = {}): Message {
  return {
    id: `msg-${sequence}`,
    source: FULFILMENT_SOURCE,
    type: FULFILMENT_TYPE,
    stream: orderId,
    sequence,
    ...(data["report"] !== "final-status" && { time: hours(sequence) }),
    data: { ...data, receivedAt },
    ...change,
  };
}

const direct = { now, held: false };

test("a report becomes the order's next commit", async () => {
  const handler = given(placed, confirmed);
  const order = await handler.load(orderId);

  const { writes } = handler.handle(
    order,
    message(1, { report: "approved" }, { traceparent: "00-trace" }),
    { now, held: true },
  );

  expect(writes).toEqual([
    {
      kind: "append",
      commit: {
        stream: orderId,
        number: 3,
        recordedAt: now,
        traceparent: "00-trace",
        events: [
          {
            type: "order.fulfilment-reported",
            sequence: 3,
            data: {
              report: "approved",
              status: "approved",
              occurredAt: hours(1),
              receivedAt,
              appliedAt: now,
              held: true,
              webhookId: "msg-1",
              webhookSequence: 1,
            },
          },
        ],
      },
    },
  ]);
});

test("a run of reports makes contiguous commits, each after the one before", async () => {
  const handler = given(placed, confirmed);
  let order: LoadedOrder = await handler.load(orderId);
  const numbers: number[][] = [];

  for (const [index, report] of ["approved", "handed-to-carrier", "delivered"].entries()) {
    const { loaded, writes } = handler.handle(order, message(index + 1, { report }), direct);
    numbers.push(...writes.map(({ commit }) => [commit.number, commit.events[0]?.sequence ?? 0]));
    order = loaded;
  }

  expect(numbers).toEqual([
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
  expect(order).toMatchObject({ lastCommit: { number: 5 }, state: { status: "delivered" } });
});

test("a report that took effect before writes nothing", async () => {
  const handler = given(placed, confirmed);
  const order = await handler.load(orderId);
  const { loaded } = handler.handle(order, message(1, { report: "approved" }), direct);

  const again = handler.handle(loaded, message(1, { report: "approved" }), direct);

  expect(again).toEqual({ loaded, writes: [] });
});

test("the stream begins when the order was placed", async () => {
  const handler = given(placed);
  const unknown = given();

  expect(handler.startedAt?.(await handler.load(orderId))).toBe(placedAt);
  expect(unknown.startedAt?.(await unknown.load(orderId))).toBeUndefined();
});

test.each([
  {
    name: "while the saga runs, is tried again",
    events: [placed],
    message: message(1, { report: "approved" }),
    failure: { code: "order-not-open", action: "retry" },
  },
  {
    name: "on a rejected order, halts",
    events: [placed, rejected],
    message: message(1, { report: "approved" }),
    failure: { code: "fulfilment-not-expected", action: "halt" },
  },
  {
    name: "on an unknown order, halts",
    events: [],
    message: message(1, { report: "approved" }),
    failure: { code: "fulfilment-not-expected", action: "halt" },
  },
  {
    name: "of a final status without one, halts",
    events: [placed, confirmed],
    message: message(1, { report: "final-status" }),
    failure: { code: "malformed-message", action: "halt" },
  },
  {
    name: "of a step without a time, halts",
    events: [placed, confirmed],
    message: message(1, { report: "final-status" }, { data: { report: "delivered", receivedAt } }),
    failure: { code: "malformed-message", action: "halt" },
  },
  {
    name: "of another shape, halts",
    events: [placed, confirmed],
    message: message(1, { report: "painted" }),
    failure: { code: "malformed-message", action: "halt" },
  },
  {
    name: "of another type, halts",
    events: [placed, confirmed],
    message: message(1, { report: "approved" }, { type: "order.placed" }),
    failure: { code: "malformed-message", action: "halt" },
  },
])("a report $name", async ({ events, message: report, failure }) => {
  const handler = given(...events);
  const order = await handler.load(orderId);

  expect(() => handler.handle(order, report, direct)).toThrow(
    expect.objectContaining(failure) as Error,
  );
});

test("a final status has no time of its own", async () => {
  const handler = given(placed, confirmed);
  const order = await handler.load(orderId);

  const { writes } = handler.handle(
    order,
    message(1, { report: "final-status", status: "canceled" }),
    direct,
  );

  const data = writes[0]?.commit.events[0]?.data;
  expect(data).toMatchObject({ report: "final-status", status: "canceled" });
  expect(data).not.toHaveProperty("occurredAt");
  expect((data?.["appliedAt"] ?? 0) as EpochMs).toBe(now);
});
