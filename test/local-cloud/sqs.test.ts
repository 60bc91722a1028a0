/**
 * Repairs of queues: how many batches a FIFO queue feeds at once, and what a send costs.
 */
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { meetingCode, openMeetingPlace } from "../support/meeting-place.ts";
import { probeBoth } from "../support/python-probe.ts";
import { createFunction, createMapping, present } from "../support/small-functions.ts";
import { type CloudClients, useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

test("sqs_fifo_concurrency: two message groups are worked on at the same time", async () => {
  // Each call waits for the call of the other group; alone it gives up and says so.
  const code = `${meetingCode}
    exports.handler = async ({ Records: [{ body }] }) => {
      const other = { a: "b", b: "a" }[body];
      leave("started-" + body);
      const met = await meet("started-" + other);
      leave(met ? body + "-met-" + other : body + "-was-alone");
    };`;

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const place = openMeetingPlace();
    const environment = { MEETING_PLACE: place.folder };
    await createFunction(clients.lambda, { name: "meeting", code, environment });
    const queue = await createFifoQueue(clients, "meeting.fifo");
    await send(clients, queue.url, "a");
    await send(clients, queue.url, "b");
    await createMapping(clients.lambda, {
      FunctionName: "meeting",
      EventSourceArn: queue.arn,
      BatchSize: 1,
    });
    return await eventually(() => {
      const ends = place.notes().filter((note) => !note.startsWith("started"));
      return ends.length === 2 && ends;
    });
  });

  expect(unrepaired).toContain("a-was-alone");
  expect(repaired).toEqual(["a-met-b", "b-met-a"]);
});

test("sqs_fifo_concurrency: one message group keeps its order", async () => {
  const code = `${meetingCode}
    exports.handler = async ({ Records: [{ body }] }) => {
      const before = Number(body) - 1;
      const inOrder = before === 0 || fs.existsSync(place("end-" + before));
      leave((inOrder ? "in-order-" : "early-") + body);
      await new Promise((resolve) => setTimeout(resolve, 20));
      leave("end-" + body);
    };`;
  const clients = clouds.repaired();
  const place = openMeetingPlace();
  const environment = { MEETING_PLACE: place.folder };
  await createFunction(clients.lambda, { name: "ordered", code, environment });
  const queue = await createFifoQueue(clients, "ordered.fifo");
  for (const body of ["1", "2", "3", "4", "5"]) await send(clients, queue.url, body, "one-group");

  await createMapping(clients.lambda, {
    FunctionName: "ordered",
    EventSourceArn: queue.arn,
    BatchSize: 1,
  });
  await eventually(() => place.notes().includes("end-5"));

  expect(place.notes().filter((note) => !note.startsWith("end"))).toEqual(
    [1, 2, 3, 4, 5].map((number) => `in-order-${number}`),
  );
});

test("sqs_dedup_walk: a send looks at the entries that expired, not at all of them", async () => {
  const { unrepaired, repaired } = await probeBoth("dedup_walk", "sqs_dedup_walk");

  const deduplicates = {
    messagesAfterDuplicate: 200,
    messagesAfterExpiry: 201,
    entriesAfterExpiry: 1,
  };
  // Send number n looks at n - 1 entries: 0 + 1 + ... + 199.
  expect(unrepaired).toEqual({ lookedAt: 19_900, ...deduplicates });
  // Each send but the first looks at the oldest entry.
  expect(repaired).toEqual({ lookedAt: 199, ...deduplicates });
});

async function createFifoQueue(
  { sqs }: CloudClients,
  name: string,
): Promise<{ readonly url: string; readonly arn: string }> {
  const made = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      Attributes: { FifoQueue: "true", VisibilityTimeout: "60" },
    }),
  );
  const url = present(made.QueueUrl, "QueueUrl");
  return { url, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
}

/** Sends a message in a group of its own unless another is named. */
async function send({ sqs }: CloudClients, url: string, body: string, group = body): Promise<void> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: body,
    }),
  );
}
