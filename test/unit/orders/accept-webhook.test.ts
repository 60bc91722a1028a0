// A webhook becomes one message in its order's group, and a repetition is a message again.
import { expect, test } from "vitest";
import { fulfilmentData } from "#contracts/events/fulfilment-message";
import type { FulfilmentBody } from "#contracts/http/webhooks";
import type { OutgoingMessage } from "#messaging/producer/sender";
import { acceptWebhook } from "#services/orders/usecases/accept-webhook";
import { now, orderId } from "../../support/order-samples.ts";

const approved: FulfilmentBody = {
  orderId,
  sequence: 1,
  type: "approved",
  occurredAt: "2018-01-02T03:00:00+02:00",
};

const dataOf = (message: OutgoingMessage | undefined): unknown =>
  message !== undefined && "data" in message.envelope ? message.envelope.data : undefined;

function queue() {
  const sent: OutgoingMessage[] = [];
  return {
    sent,
    sender: {
      send: async (messages: readonly OutgoingMessage[]) => {
        sent.push(...messages);
      },
    },
  };
}

const request = { webhookId: "msg-1", now, requestId: "request-1" };

test("a step becomes a message numbered by its sender, with its time in UTC", async () => {
  const { sent, sender } = queue();

  await acceptWebhook({ sender }, { ...request, body: approved, traceparent: "00-trace" });

  expect(sent).toEqual([
    {
      group: orderId,
      deduplicationId: "msg-1#request-1",
      envelope: {
        specversion: "1.0",
        id: "msg-1",
        source: "urn:inorder:webhooks:fulfilment",
        type: "fulfilment.reported",
        time: "2018-01-02T01:00:00.000Z",
        subject: orderId,
        datacontenttype: "application/json",
        partitionkey: orderId,
        sequence: 1,
        traceparent: "00-trace",
        data: { report: "approved", receivedAt: now },
      },
    },
  ]);
});

test("a final status has no time, so that it stands outside the anomaly rule", async () => {
  const { sent, sender } = queue();

  await acceptWebhook(
    { sender },
    { ...request, body: { orderId, sequence: 4, type: "final-status", status: "canceled" } },
  );

  const envelope = sent[0]?.envelope;
  expect(envelope).not.toHaveProperty("time");
  expect(envelope).toHaveProperty("data", {
    report: "final-status",
    status: "canceled",
    receivedAt: now,
  });
});

test("a repeated webhook is the same message under a new deduplication id", async () => {
  const { sent, sender } = queue();

  await acceptWebhook({ sender }, { ...request, body: approved });
  await acceptWebhook({ sender }, { ...request, body: approved, requestId: "request-2" });

  expect(sent.map((message) => message.deduplicationId)).toEqual([
    "msg-1#request-1",
    "msg-1#request-2",
  ]);
  expect(sent[1]?.envelope).toEqual(sent[0]?.envelope);
});

test.each(["approved", "handed-to-carrier", "delivered"] as const)(
  "the data of %s is as the contract has it",
  async (type) => {
    const { sent, sender } = queue();

    await acceptWebhook({ sender }, { ...request, body: { ...approved, type } });

    expect(fulfilmentData.parse(dataOf(sent[0])).report).toBe(type);
  },
);

test.each([
  { name: "a webhook id with a space", change: { webhookId: "msg 1" } },
  { name: "a webhook id that is too long", change: { webhookId: "m".repeat(65) } },
  { name: "an instant that is none", change: { body: { ...approved, occurredAt: "2018" } } },
])("$name is refused and nothing is sent", async ({ change }) => {
  const { sent, sender } = queue();

  const accepting = acceptWebhook({ sender }, { ...request, body: approved, ...change });

  await expect(accepting).rejects.toMatchObject({ code: "invalid-request", action: "reject" });
  expect(sent).toEqual([]);
});
