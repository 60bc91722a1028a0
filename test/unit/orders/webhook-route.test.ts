// The webhook's route inside the onion: only genuine, well-formed reports get into the queue.
import { beforeEach, expect, test } from "vitest";
import { signWebhook } from "#adapters/http/standard-webhooks";
import { METRICS } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { EpochMs } from "#kernel/units";
import type { OutgoingMessage } from "#messaging";
import { httpFunction } from "#runtime/http-function";
import { webhookRoute } from "../../../functions/orders/webhook-route.ts";
import {
  type CountedSurroundings,
  countedSurroundings,
  gatewayEvent,
  lambdaContext,
  untraced,
} from "../../support/gateway-event.ts";
import { now, orderId } from "../../support/order-samples.ts";

const secret = `whsec_${Buffer.from("0123456789abcdef01234567").toString("base64")}`;
const report = { orderId, sequence: 1, type: "approved", occurredAt: "2018-01-02T00:00:00Z" };

let surroundings: CountedSurroundings;
let sent: OutgoingMessage[];

beforeEach(() => {
  surroundings = countedSurroundings(now);
  sent = [];
});

const queue = {
  send: async (messages: readonly OutgoingMessage[]) => {
    sent.push(...messages);
  },
};

async function call(headers: Record<string, string>, body: string, sender = queue) {
  const handler = httpFunction(
    {
      service: "orders",
      routes: [webhookRoute({ sender, secret: async () => secret }, surroundings.telemetry)],
    },
    surroundings,
    untraced,
  );
  const request = { method: "POST", resource: "/v1/webhooks/fulfilment", headers, body };
  const answer = await handler(gatewayEvent(request), lambdaContext("request-7"));
  return { status: answer.statusCode, text: answer.body };
}

const signed = (body: string, sentAt: EpochMs = now) =>
  signWebhook({ id: "msg-1", sentAt, body, secret });

test("a genuine report is put into its order's group and answered 202", async () => {
  const body = JSON.stringify(report);

  const answer = await call(signed(body), body);

  expect(answer).toEqual({ status: 202, text: '{"accepted":true}' });
  expect(sent).toMatchObject([
    { group: orderId, deduplicationId: "msg-1#request-7", envelope: { id: "msg-1", sequence: 1 } },
  ]);
  expect(surroundings.counts.get(METRICS.messagesSent)).toBe(1);
});

test.each([
  { name: "no signature", headers: () => ({}), status: 401, says: "invalid-signature" },
  {
    name: "the signature of another body",
    headers: () => signed("{}"),
    status: 401,
    says: "invalid-signature",
  },
  {
    name: "a stale timestamp",
    headers: (body: string) => signed(body, (now - 301_000) as EpochMs),
    status: 401,
    says: "stale-timestamp",
  },
])("a report with $name is refused", async ({ headers, status, says }) => {
  const body = JSON.stringify(report);

  const answer = await call(headers(body), body);

  expect(answer.status).toBe(status);
  expect(answer.text).toContain(says);
  expect(sent).toEqual([]);
});

test.each([
  { name: "an unknown field", body: { ...report, colour: "red" }, says: "/colour" },
  { name: "a sequence of 0", body: { ...report, sequence: 0 }, says: "/sequence" },
  {
    name: "a step without a time",
    body: { ...report, occurredAt: undefined },
    says: "/occurredAt",
  },
  { name: "an unknown type", body: { ...report, type: "painted" }, says: "/type" },
])("a genuine report with $name is refused", async ({ body, says }) => {
  const text = JSON.stringify(body);

  const answer = await call(signed(text), text);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain(says);
  expect(sent).toEqual([]);
  expect(surroundings.counts.get(METRICS.messagesSent)).toBeUndefined();
});

test("64 KB are looked at, a byte more is not", async () => {
  const padded = (bytes: number) => JSON.stringify(report).padEnd(bytes, " ");

  const most = await call(signed(padded(65_536)), padded(65_536));
  const more = await call(signed(padded(65_537)), padded(65_537));

  expect([most.status, more.status]).toEqual([202, 413]);
});

test("a report that the queue does not take is to be sent again", async () => {
  const body = JSON.stringify(report);
  const full = {
    send: () => Promise.reject(new Failure("store-unavailable", "retry", "SQS is away")),
  };

  const answer = await call(signed(body), body, full);

  expect(answer.status).toBe(503);
  expect(surroundings.counts.get(METRICS.messagesSent)).toBeUndefined();
});
