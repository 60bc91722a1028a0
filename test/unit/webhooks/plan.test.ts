// From an order's event to deliveries: who hears of it, in which place, and what is read for it.
import { beforeEach, expect, test } from "vitest";
import { memoryWebhooks } from "#adapters/memory/webhook-store";
import type { Message } from "#messaging";
import { planningHandler } from "#services/webhooks/plan-deliveries";
import type { WebhookWrite } from "#services/webhooks/ports";
import { noon, sampleEndpoint } from "../../support/webhook-samples.ts";

const secrets = { secret: "s", former: [] };
let stores: ReturnType<typeof memoryWebhooks>;
let laneReads: number;

beforeEach(() => {
  stores = memoryWebhooks();
  laneReads = 0;
});

const planner = () =>
  planningHandler({
    owners: { ownerOf: async (orderId) => (orderId === "order-1" ? "ann" : undefined) },
    endpoints: stores.endpoints,
    lanes: {
      lanes: async (owner) => {
        laneReads += 1;
        return stores.lanes.lanes(owner);
      },
    },
  });

const message = (sequence: number, type: string): Message =>
  ({
    id: `order-1#${sequence}`,
    stream: "order-1",
    sequence,
    type,
    data: { total: 5 },
    traceparent: "00-1",
  }) as unknown as Message;

const ofKind = <Kind extends WebhookWrite["kind"]>(writes: readonly WebhookWrite[], kind: Kind) =>
  writes.filter((write): write is Extract<WebhookWrite, { kind: Kind }> => write.kind === kind);

test("each endpoint that wants it gets one, in its own lane and in its place", async () => {
  const all = sampleEndpoint({ ownerId: "ann" });
  const placed = sampleEndpoint({ ownerId: "ann", events: ["order.placed"] });
  const off = sampleEndpoint({ ownerId: "ann", disabled: "owner" });
  const other = sampleEndpoint({ ownerId: "bob" });
  for (const one of [all, placed, off, other]) await stores.endpoints.create(one, secrets);
  const handler = planner();

  const loaded = await handler.load("order-1");
  const delivery = { now: noon, held: false };
  const first = handler.handle(loaded, message(1, "order.placed"), delivery);
  const second = handler.handle(first.loaded, message(2, "order.confirmed"), delivery);
  await stores.lanes.write(first.writes);
  await stores.lanes.write(second.writes);

  const plans = [...ofKind(first.writes, "plan"), ...ofKind(second.writes, "plan")];
  expect(plans.map(({ delivery: { lane, sequence } }) => [lane, sequence])).toEqual([
    [`${all.endpointId}#order-1`, 1],
    [`${placed.endpointId}#order-1`, 1],
    [`${all.endpointId}#order-1`, 2],
  ]);
  expect(JSON.parse(plans[0]?.delivery.body ?? "")).toEqual({
    type: "order.placed",
    timestamp: "2023-11-14T22:13:20.000Z",
    data: { total: 5, orderId: "order-1", sequence: 1 },
  });
  expect(ofKind(second.writes, "append")).toMatchObject([
    { commit: { stream: `${all.endpointId}#order-1`, number: 2, traceparent: "00-1" } },
  ]);
  expect((await handler.load("order-1")).lanes).toMatchObject({
    version: 2,
    last: { [all.endpointId]: 2, [placed.endpointId]: 1 },
  });
});

test("what was planned from an outdated place is refused by its own conditions", async () => {
  await stores.endpoints.create(sampleEndpoint({ ownerId: "ann" }), secrets);
  const handler = planner();
  const loaded = await handler.load("order-1");
  const { writes } = handler.handle(loaded, message(1, "order.placed"), {
    now: noon,
    held: false,
  });

  expect(await stores.lanes.write(writes)).toBe(true);
  expect(await stores.lanes.write(writes)).toBe(false);
});

test("for an owner without endpoints nothing is written, and no lane is read", async () => {
  const handler = planner();

  const loaded = await handler.load("order-1");

  expect(handler.handle(loaded, message(1, "order.placed"), { now: noon, held: false })).toEqual({
    loaded,
    writes: [],
  });
  expect(laneReads).toBe(0);
});

test("an order that does not exist halts its stream", async () => {
  await expect(planner().load("order-2")).rejects.toMatchObject({
    code: "malformed-message",
    action: "halt",
  });
});
