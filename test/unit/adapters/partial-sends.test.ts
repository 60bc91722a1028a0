// What is sent again after a partial failure, and in which order; when it is given up.
import type { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventBridgeEventBus } from "#adapters/aws/eventbridge/event-bus";
import { sqsFifoSender } from "#adapters/aws/sqs/fifo-sender";
import { envelope, standingClock } from "../../support/consumer-world.ts";
import { textLike, textWith } from "../../support/matching.ts";

const clock = standingClock();

type Failed = { readonly id: string; readonly code?: string; readonly senderFault?: boolean };

/** A queue that refuses the entries of these deduplication ids, request by request. */
function queueRefusing(...rounds: readonly (readonly Failed[])[]) {
  const requests: (readonly (string | undefined)[])[] = [];
  const client = {
    async send({ input }: SendMessageBatchCommand) {
      const entries = input.Entries ?? [];
      const failed = rounds[requests.length] ?? [];
      requests.push(entries.map(({ MessageDeduplicationId: id }) => id));
      return {
        Failed: failed.map(({ id, code = "InternalError", senderFault = false }) => ({
          Id: entries.find(({ MessageDeduplicationId }) => MessageDeduplicationId === id)?.Id,
          Code: code,
          Message: code,
          SenderFault: senderFault,
        })),
      };
    },
  };
  const queueUrl = "https://queue";
  return {
    requests,
    sender: sqsFifoSender({ client: client as unknown as SQSClient, queueUrl, clock }),
  };
}

const messages = (...ids: readonly string[]) =>
  ids.map((id) => {
    const [stream = "", sequence] = id.split("#");
    return { envelope: envelope(stream, Number(sequence)), group: stream, deduplicationId: id };
  });

test("what was refused is sent again, in order, and nothing that was accepted", async () => {
  const { requests, sender } = queueRefusing([{ id: "a#2" }, { id: "b#2" }, { id: "a#4" }]);

  await sender.send(messages("a#1", "b#1", "a#2", "b#2", "a#3", "a#4"));

  expect(requests).toEqual([
    ["a#1", "b#1", "a#2", "b#2", "a#3", "a#4"],
    ["a#2", "b#2", "a#4"],
  ]);
});

test("what follows in the next batch waits until its group is through", async () => {
  const { requests, sender } = queueRefusing([{ id: "a#10" }]);

  await sender.send(messages(...Array.from({ length: 12 }, (_, index) => `a#${index + 1}`)));

  expect(requests.slice(1)).toEqual([["a#10"], ["a#11", "a#12"]]);
});

test("after five refusals it is given up, and may be tried again", async () => {
  const refused = [{ id: "a#1" }];
  const { requests, sender } = queueRefusing(...Array.from({ length: 9 }, () => refused));

  await expect(sender.send(messages("a#1"))).rejects.toMatchObject({
    code: "store-unavailable",
    action: "retry",
    message: textWith("InternalError"),
  });
  expect(requests).toHaveLength(5);
});

test("an entry that SQS never takes is not repeated", async () => {
  const { requests, sender } = queueRefusing([
    { id: "a#1", code: "InvalidMessageContents", senderFault: true },
  ]);

  await expect(sender.send(messages("a#1"))).rejects.toMatchObject({ action: "reject" });
  expect(requests).toHaveLength(1);
});

test("a throttled sender is at fault only for a while", async () => {
  const { requests, sender } = queueRefusing([
    { id: "a#1", code: "RequestThrottled", senderFault: true },
  ]);

  await sender.send(messages("a#1"));

  expect(requests).toHaveLength(2);
});

test.for(["", "with space", "é", "x".repeat(129)])("%j is no message group", async (group) => {
  const { requests, sender } = queueRefusing();
  const [message] = messages("a#1");
  if (message === undefined) throw new Error("no message");

  const sent = sender.send([{ ...message, group }]);

  await expect(sent).rejects.toMatchObject({ code: "malformed-message", action: "reject" });
  expect(requests).toEqual([]);
});

test("a deduplication id that SQS would refuse is replaced by one of its own", async () => {
  const { requests, sender } = queueRefusing();
  const [message] = messages("a#1");
  if (message === undefined) throw new Error("no message");
  const deduplicationIds = ["x".repeat(128), "x".repeat(129), "with space"];

  await sender.send(deduplicationIds.map((deduplicationId) => ({ ...message, deduplicationId })));

  const hash = textLike(/^[0-9a-f]{64}$/);
  expect(requests).toEqual([["x".repeat(128), hash, hash]]);
});

/** A bus that refuses the events of these ids, request by request. */
function busRefusing(...rounds: readonly Readonly<Record<string, string>>[]) {
  const requests: string[][] = [];
  const client = {
    async send({ input }: PutEventsCommand) {
      const ids = (input.Entries ?? []).map(
        ({ Detail = "{}" }) => (JSON.parse(Detail) as { readonly id: string }).id,
      );
      const refused = rounds[requests.length] ?? {};
      requests.push(ids);
      return {
        Entries: ids.map((id) =>
          refused[id] === undefined ? { EventId: id } : { ErrorCode: refused[id] },
        ),
      };
    },
  };
  const busName = "bus";
  const bus = eventBridgeEventBus({
    client: client as unknown as EventBridgeClient,
    busName,
    clock,
  });
  return { requests, bus };
}

const events = (count: number) =>
  Array.from({ length: count }, (_, index) => envelope("a", index + 1));

test("only the refused events are published again", async () => {
  const { requests, bus } = busRefusing(
    { "a#2": "ThrottlingException" },
    { "a#2": "InternalFailure" },
  );

  await bus.publish(events(3));

  expect(requests).toEqual([["a#1", "a#2", "a#3"], ["a#2"], ["a#2"]]);
});

test("a bus that refuses five times is away", async () => {
  const refused = { "a#1": "InternalFailure" };
  const { requests, bus } = busRefusing(refused, refused, refused, refused, refused, refused);

  await expect(bus.publish(events(1))).rejects.toMatchObject({
    code: "store-unavailable",
    action: "retry",
  });
  expect(requests).toHaveLength(5);
});

test("an event that the bus never takes is not repeated", async () => {
  const { requests, bus } = busRefusing({ "a#1": "MalformedDetail" });

  await expect(bus.publish(events(1))).rejects.toMatchObject({ action: "reject" });
  expect(requests).toHaveLength(1);
});

test("a bus without permission is away, not the event at fault", async () => {
  const refused = { "a#1": "NotAuthorizedForSourceException" };
  const { bus } = busRefusing(refused, refused, refused, refused, refused);

  await expect(bus.publish(events(1))).rejects.toMatchObject({ action: "retry" });
});

test("requests are cut before ten events, and before a megabyte", async () => {
  const { requests, bus } = busRefusing();
  const large = events(6).map((event) => ({ ...event, data: { text: "x".repeat(250_000) } }));

  await bus.publish([...events(11), ...large]);

  expect(requests.map((ids) => ids.length)).toEqual([10, 5, 2]);
});
