// Dead letters go back to their queue: all of them, in their groups' order, and only once each.
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { redrive } from "#adapters/aws/sqs/redrive";
import { createLocalQueue, type LocalQueue } from "../support/local-queue.ts";

let ids = 0;
const newId = (): string => `id-${(ids += 1)}`;

async function open(letters: readonly (readonly [group: string, body: string])[]) {
  const [dead, source] = [await createLocalQueue("dead"), await createLocalQueue("source")];
  for (const [group, body] of letters) await bury(dead, group, body);
  const move = (limit = 100) =>
    redrive({ client: dead.client, from: dead.queueUrl, to: source.queueUrl, newId, limit });
  return { dead, source, move };
}

const bury = ({ client, queueUrl }: LocalQueue, group: string, body: string) =>
  client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: body,
      MessageGroupId: group,
      MessageDeduplicationId: newId(),
      MessageAttributes: { cause: { DataType: "String", StringValue: `why ${body}` } },
    }),
  );

const bodiesOf = async (queue: LocalQueue, group: string) =>
  (await queue.receive())
    .filter(({ Attributes }) => Attributes?.MessageGroupId === group)
    .map(({ Body }) => Body);

test("everything goes back in its group's order, and its cause is told", async () => {
  const bodies = Array.from({ length: 25 }, (_, index) => String(index));
  const { dead, source, move } = await open(bodies.map((body) => ["a", body]));

  const moved = await move();

  expect(moved.map(({ cause }) => cause)).toEqual(bodies.map((body) => `why ${body}`));
  expect(await bodiesOf(source, "a")).toEqual(bodies);
  expect(await dead.receive()).toEqual([]);
});

test("no more than asked for is moved; the rest keeps its place", async () => {
  const { dead, source, move } = await open([
    ["a", "1"],
    ["a", "2"],
    ["a", "3"],
  ]);

  const moved = await move(2);

  expect(moved).toHaveLength(2);
  expect(await bodiesOf(source, "a")).toEqual(["1", "2"]);
  expect(await bodiesOf(dead, "a")).toEqual(["3"]);
});

test("what was buried again is moved again, within SQS's five minutes too", async () => {
  const { dead, source, move } = await open([["a", "same"]]);

  await move();
  await bury(dead, "a", "same");
  await move();

  expect(await bodiesOf(source, "a")).toEqual(["same", "same"]);
});

test("when the queue does not take it, the dead letter stays", async () => {
  const { dead } = await open([["a", "kept"]]);

  const moving = redrive({
    client: dead.client,
    from: dead.queueUrl,
    to: dead.queueUrl.replace("dead", "absent"),
    newId,
    limit: 10,
    visibilityTimeoutSeconds: 0,
  });

  await expect(moving).rejects.toMatchObject({ code: "store-unavailable", action: "retry" });
  expect(await bodiesOf(dead, "a")).toEqual(["kept"]);
});

test("what is buried again while the run goes on is left, so that it ends", async () => {
  const { dead } = await open([
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ]);
  const { client, queueUrl } = dead;

  const moved = await redrive({ client, from: queueUrl, to: queueUrl, newId, limit: 100 });

  expect(moved).toHaveLength(3);
  expect(await bodiesOf(dead, "a")).toEqual(["1", "3"]);
});
