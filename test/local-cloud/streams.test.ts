/**
 * Repairs of the mappings from a table's stream to a function: what happens to a batch that
 * fails, and who waits for it.
 */
import { CreateTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { CreateEventSourceMappingCommandInput } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type MeetingPlace, meetingCode, openMeetingPlace } from "../support/meeting-place.ts";
import { createFunction, createMapping, present } from "../support/small-functions.ts";
import { type CloudClients, useTwoClouds } from "../support/two-clouds.ts";

const clouds = useTwoClouds();

test.concurrent("stream_failures: a poison record is given up", async (context) => {
  // Nothing is shared between two calls but the notes: a call of a record is one note, numbered.
  const code = `${meetingCode}
    exports.handler = async ({ Records }) => {
      const ids = Records.map((record) => record.dynamodb.Keys.id.S).join("+");
      const calls = fs.readdirSync(place("")).filter((note) => note.startsWith(ids + " call"));
      leave(ids + " call " + (calls.length + 1));
      if (ids.includes("poison")) throw new Error("on purpose");
    };`;

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const place = openMeetingPlace(context);
    const deadLetters = await createQueue(clients, "given-up");
    const stream = await createTable(clients, "poisoned");
    await put(clients, "poisoned", ["poison", "good"]);
    await mapStream(clients, place, stream, "poisoned", code, {
      BatchSize: 10,
      MaximumRetryAttempts: 1,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: deadLetters.arn } },
    });
    // The unrepaired one would go on for ever: three calls of the same batch show it.
    await eventually(
      () => place.notes().includes("good call 1") || place.notes().includes("poison+good call 3"),
    );
    const received = await clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: deadLetters.url }),
    );
    return {
      calls: place.notes(),
      reported: (received.Messages ?? []).map(({ Body }): unknown => JSON.parse(Body ?? "")),
    };
  });

  expect(unrepaired.reported).toEqual([]);
  expect(unrepaired.calls).not.toContain("good call 1");
  // Split once, then tried and retried once alone.
  expect(repaired.calls).toEqual([
    "good call 1",
    "poison call 1",
    "poison call 2",
    "poison+good call 1",
  ]);
  expect(repaired.reported).toMatchObject([
    {
      requestContext: { condition: "RetryAttemptsExhausted" },
      DDBStreamBatchInfo: { batchSize: 1 },
    },
  ]);
});

test.concurrent("stream_failures: a reported record comes again", async (context) => {
  const code = `${meetingCode}
    exports.handler = async ({ Records }) => {
      const ids = Records.map((record) => record.dynamodb.Keys.id.S).join("+");
      leave(ids);
      const second = Records.find((record) => record.dynamodb.Keys.id.S === "2");
      if (!ids.startsWith("1") || !second) return { batchItemFailures: [] };
      return { batchItemFailures: [{ itemIdentifier: second.dynamodb.SequenceNumber }] };
    };`;

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const place = openMeetingPlace(context);
    const stream = await createTable(clients, "reported");
    await put(clients, "reported", ["1", "2", "3"]);
    await mapStream(clients, place, stream, "reported", code, {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    await eventually(() => place.notes().includes("1+2+3"));
    await put(clients, "reported", ["last"]);
    await eventually(() => place.notes().some((note) => note.endsWith("last")));
    return place.notes();
  });

  expect(unrepaired).toEqual(["1+2+3", "last"]);
  expect(repaired[0]).toBe("1+2+3");
  expect(repaired.slice(1).join(" ")).toMatch(/^2\+3(\+| )last$/);
});

test.concurrent("stream_threads: queues are served meanwhile", async (context) => {
  const streamCode = `${meetingCode}
    exports.handler = async () => {
      leave("at-work");
      leave((await meet("queue-served")) ? "met" : "was-alone");
    };`;
  const queueCode = `${meetingCode} exports.handler = async () => leave("queue-served");`;

  const { unrepaired, repaired } = await clouds.both(async (clients) => {
    const place = openMeetingPlace(context);
    const environment = { MEETING_PLACE: place.folder };
    await createFunction(clients.lambda, { name: "of-queue", code: queueCode, environment });
    const queue = await createQueue(clients, "served");
    await createMapping(clients.lambda, {
      FunctionName: "of-queue",
      EventSourceArn: queue.arn,
    });
    const stream = await createTable(clients, "slow");
    await mapStream(clients, place, stream, "slow", streamCode);
    await put(clients, "slow", ["item"]);
    await eventually(() => place.notes().includes("at-work"));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: "message" }));
    return await eventually(() =>
      place.notes().find((note) => note === "met" || note === "was-alone"),
    );
  });

  expect(unrepaired).toBe("was-alone");
  expect(repaired).toBe("met");
});

test.concurrent("stream_threads: other tables are served meanwhile", async (context) => {
  const clients = clouds.repaired();
  const place = openMeetingPlace(context);
  const slowCode = `${meetingCode}
    exports.handler = async () => {
      leave("at-work");
      leave((await meet("other-served")) ? "met" : "was-alone");
    };`;
  const otherCode = `${meetingCode} exports.handler = async () => leave("other-served");`;
  const slow = await createTable(clients, "slow-one");
  const other = await createTable(clients, "other-one");
  await mapStream(clients, place, slow, "slow-one", slowCode);
  await mapStream(clients, place, other, "other-one", otherCode);

  await put(clients, "slow-one", ["item"]);
  await eventually(() => place.notes().includes("at-work"));
  await put(clients, "other-one", ["item"]);
  const outcome = await eventually(() =>
    place.notes().find((note) => note === "met" || note === "was-alone"),
  );

  expect(outcome).toBe("met");
});

/** Resolves to the ARN of the table's stream. */
async function createTable({ dynamoDb }: CloudClients, name: string): Promise<string> {
  const made = await dynamoDb.send(
    new CreateTableCommand({
      TableName: name,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    }),
  );
  return present(made.TableDescription?.LatestStreamArn, "LatestStreamArn");
}

/** Makes a function and feeds it the stream from its beginning. */
async function mapStream(
  { lambda }: CloudClients,
  place: MeetingPlace,
  streamArn: string,
  name: string,
  code: string,
  settings: Omit<CreateEventSourceMappingCommandInput, "FunctionName"> = {},
): Promise<void> {
  const environment = { MEETING_PLACE: place.folder };
  await createFunction(lambda, { name, code, environment });
  await createMapping(lambda, {
    FunctionName: name,
    EventSourceArn: streamArn,
    StartingPosition: "TRIM_HORIZON",
    ...settings,
  });
}

async function put(
  { dynamoDb }: CloudClients,
  table: string,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) {
    await dynamoDb.send(new PutItemCommand({ TableName: table, Item: { id: { S: id } } }));
  }
}

async function createQueue(
  { sqs }: CloudClients,
  name: string,
): Promise<{ readonly url: string; readonly arn: string }> {
  const made = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return {
    url: present(made.QueueUrl, "QueueUrl"),
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
  };
}
