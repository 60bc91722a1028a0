// Attempts as the consumer makes them, over the library itself: what waits, what goes on, what is
// closed, and who is disabled.
import { beforeEach, expect, test } from "vitest";
import { memoryWebhooks } from "#adapters/memory/webhook-store";
import { DELIVERY_DUE } from "#contracts/events/webhook-events";
import { Failure } from "#kernel/failure";
import { type EpochMs, later, seconds } from "#kernel/units";
import type { Message } from "#messaging";
import { changeEndpoint } from "#services/webhooks/change-endpoint";
import { type AttemptTold, deliveryHandler } from "#services/webhooks/deliver-webhook";
import { replayed } from "#services/webhooks/domain/delivery";
import { changed } from "#services/webhooks/domain/endpoint";
import type { SentWebhook, WebhookToSend } from "#services/webhooks/ports";
import { requestRetries } from "#services/webhooks/request-retries";
import { noon, sampleDelivery, sampleEndpoint } from "../../support/webhook-samples.ts";

const secrets = {
  secret: "new",
  former: [
    { secret: "held", expiresAt: later(noon, seconds(60)) },
    { secret: "expired", expiresAt: noon },
  ],
};

let stores: ReturnType<typeof memoryWebhooks>;
let now: EpochMs;
let answers: (number | string)[];
let sent: WebhookToSend[];
let told: AttemptTold[];
let endpoint: ReturnType<typeof sampleEndpoint>;
let delivery: ReturnType<typeof sampleDelivery>;

beforeEach(async () => {
  stores = memoryWebhooks();
  now = noon;
  [answers, sent, told] = [[], [], []];
  endpoint = sampleEndpoint();
  delivery = sampleDelivery(endpoint);
  await stores.endpoints.create(endpoint, secrets);
  await stores.lanes.write([{ kind: "plan", delivery }]);
});

const handler = () =>
  deliveryHandler(
    {
      ...stores,
      sender: {
        async send(webhook): Promise<SentWebhook> {
          sent.push(webhook);
          const answer = answers.shift() ?? 200;
          const came = typeof answer === "number" ? { status: answer } : { error: answer };
          const outcome = answer === 200 ? "taken" : answer === 410 ? "gone" : "refused";
          return { at: now, durationMs: 1, ...came, outcome };
        },
      },
      clock: { now: () => now },
      random: () => 0.5,
      tell: (one) => void told.push(one),
      attemptsMax: 3,
    },
    seconds(22),
  );

async function call({ round = 1, attempt = 1, data = {} } = {}): Promise<unknown> {
  const { ownerId, endpointId } = endpoint;
  const message = {
    id: "1",
    stream: delivery.lane,
    sequence: delivery.sequence,
    type: DELIVERY_DUE,
    data: { ownerId, endpointId, deliveryId: delivery.deliveryId, round, ...data },
  } as unknown as Message;
  return await handler()
    .call(message, { key: "k", attempt })
    .catch((error: unknown) => error);
}

const kept = () => stores.deliveries.find(delivery.endpointId, delivery.deliveryId);

test("it is sent as planned, signed by every secret that holds, and recorded", async () => {
  expect(await call()).toBeUndefined();

  expect(sent).toEqual([
    {
      url: endpoint.url,
      id: delivery.deliveryId,
      body: delivery.body,
      secret: "new",
      formerSecrets: ["held"],
    },
  ]);
  expect(await kept()).toMatchObject({ status: "delivered", attempts: [{ status: 200 }] });
});

test("what is delivered is not sent again, whoever asks", async () => {
  await call();

  expect(await call()).toBeUndefined();
  expect(await call({ round: 2 })).toBeUndefined();
  expect(sent).toHaveLength(1);
});

test("a refusal halts the lane until its retry is due", async () => {
  answers = [500, "ECONNREFUSED"];

  const first = await call();
  const retries: unknown[] = [];
  const sender = { send: async (all: readonly unknown[]) => void retries.push(...all) };
  const ports = { index: stores.retries, sender, newId: () => "request-1" };
  const early = await requestRetries(ports, now, seconds(0));
  now = later(now, seconds(3));
  const due = await requestRetries(ports, now, seconds(0));
  const second = await call();
  const third = await call();

  expect(first).toMatchObject({ code: "receiver-unavailable", action: "halt" });
  expect(early).toEqual({ requested: 0, overdue: 0 });
  expect(due).toEqual({ requested: 1, overdue: 0 });
  expect(retries).toMatchObject([
    {
      group: delivery.lane,
      deduplicationId: "request-1",
      envelope: {
        type: "inorder.control.retry",
        partitionkey: delivery.lane,
        data: { sequence: 1 },
      },
    },
  ]);
  expect(second).toBeInstanceOf(Failure);
  expect(third).toBeUndefined();
  expect(await kept()).toMatchObject({ status: "delivered", attemptsMade: 3 });
  expect(await requestRetries(ports, later(now, seconds(9999)), seconds(0))).toEqual({
    requested: 0,
    overdue: 0,
  });
});

test("a retry that nothing comes of is told as overdue", async () => {
  answers = [500];
  await call();
  const ports = { index: stores.retries, sender: { send: async () => {} }, newId: () => "1" };

  expect(await requestRetries(ports, later(now, seconds(3600)), seconds(0))).toEqual({
    requested: 1,
    overdue: 1,
  });
});

test("after its last attempt it has failed, and the lane goes on", async () => {
  answers = Array.from({ length: 10 }, () => 503);
  const outcomes = [];
  for (let attempt = 1; attempt <= 10; attempt += 1) outcomes.push(await call());

  expect(outcomes.map((outcome) => outcome === undefined)).toEqual([
    ...Array.from({ length: 9 }, () => false),
    true,
  ]);
  expect(await kept()).toMatchObject({ status: "failed" });
});

test("a test is attempted once, so the next one tells at once whether it is mended", async () => {
  const { orderId: _none, ...rest } = sampleDelivery(endpoint, { sequence: 2 });
  delivery = { ...rest, eventType: "webhook.test" };
  await stores.lanes.write([{ kind: "plan", delivery }]);
  answers = [503];

  expect(await call()).toBeUndefined();
  expect(await kept()).toMatchObject({ status: "failed", attempts: [{ status: 503 }] });
  expect(await kept()).not.toHaveProperty("nextAttemptAt");
  now = later(now, seconds(6 * 86_400));
  delivery = replayed((await kept()) ?? delivery, 3);
  await stores.lanes.write([{ kind: "replay", delivery }]);
  answers = [503];
  expect(await call({ round: 2 })).toBeUndefined();
  const { ownerId, endpointId } = endpoint;
  expect(await stores.endpoints.find(ownerId, endpointId)).not.toHaveProperty("disabled");
});

test("410 disables the endpoint and makes what waits there due", async () => {
  const waiting = sampleDelivery(endpoint, { sequence: 2, lane: "other" });
  const retrying = { ...waiting, status: "retrying", nextAttemptAt: later(noon, seconds(9e5)) };
  await stores.lanes.write([{ kind: "plan", delivery: retrying as typeof waiting }]);
  answers = [410];

  expect(await call()).toBeUndefined();

  const { ownerId, endpointId } = endpoint;
  const standing = await stores.endpoints.find(ownerId, endpointId);
  expect(standing).toMatchObject({ disabled: "gone", version: 2 });
  expect(await kept()).toMatchObject({ status: "closed", closedBecause: "endpoint-gone" });
  expect(await stores.retries.due(now, 10)).toMatchObject([{ lane: "other" }]);
  expect(told.map(({ kind }) => kind)).toEqual(["attempted", "disabled"]);
});

test.each([
  ["endpoint-disabled", async () => stores.endpoints.save(changed(endpoint, off, noon))],
  ["endpoint-deleted", async () => stores.endpoints.remove(endpoint)],
])("nothing is sent any more: %s", async (closedBecause, happens) => {
  await happens();

  expect(await call()).toBeUndefined();
  expect(sent).toEqual([]);
  expect(await kept()).toMatchObject({ status: "closed", closedBecause });
});

const off = { status: "disabled" } as const;

test("five days without a success disable the endpoint, one success forgives them", async () => {
  const disabled = async () =>
    (await stores.endpoints.find(endpoint.ownerId, endpoint.endpointId))?.disabled;
  answers = [500, 200];
  await call();
  now = later(now, seconds(6 * 86_400));
  await call();
  delivery = replayed((await kept()) ?? delivery, 2);
  await stores.lanes.write([{ kind: "replay", delivery }]);
  answers = [500, 500];
  await call({ round: 2 });
  expect(await disabled()).toBeUndefined();
  now = later(now, seconds(5 * 86_400));
  await call({ round: 2 });

  expect(await disabled()).toBe("failing");
});

test.each([
  ["enabled again", 5, { status: "enabled" }],
  ["moved to another URL", 4, { url: "https://other.example.com/" }],
] as const)("one that is %s after %d days has five days anew", async (_, days, change) => {
  const { ownerId, endpointId } = endpoint;
  const standing = async () => await stores.endpoints.find(ownerId, endpointId);
  answers = [500, 500, 503];
  await call();
  now = later(now, seconds(days * 86_400));
  await call();
  expect((await standing())?.disabled).toBe(days === 5 ? "failing" : undefined);

  const named = { ownerId, endpointId, now };
  const ports = { endpoints: stores.endpoints, checkUrl: () => undefined };
  await changeEndpoint(ports, named, { change, isExpected: () => true });
  now = later(now, seconds(4 * 86_400));
  await call();

  expect(await standing()).not.toHaveProperty("disabled");
  expect(await kept()).toMatchObject({ status: "retrying" });
});

test("a store that fails once too often is told: nothing lets the lane go on", async () => {
  const due = async () => {
    throw new Failure("store-unavailable", "retry", "no store");
  };
  stores = { ...stores, deliveries: { ...stores.deliveries, due } };

  await call({ attempt: 2 });
  expect(told).toEqual([]);
  await call({ attempt: 3 });
  expect(told).toMatchObject([{ kind: "stuck", lane: delivery.lane }]);
});

test("a message that names nothing halts its lane; one of a gone delivery does not", async () => {
  expect(await call({ data: { endpointId: 7 } })).toMatchObject({ code: "malformed-message" });
  expect(await call({ data: { deliveryId: "msg_gone" } })).toBeUndefined();
  expect(sent).toEqual([]);
});
