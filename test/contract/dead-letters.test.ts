// The dead letters over memory, over the simulator's queue, and over a queue.
import { describe, expect, test } from "vitest";
import { sqsDeadLetters } from "#adapters/aws/sqs/dead-letters";
import { memoryDeadLetters } from "#adapters/memory/dead-letters";
import { fifoQueue } from "#simulation/fifo-queue";
import { queueDeadLetters } from "#simulation/queue-ports";
import { createLocalQueue } from "../support/local-queue.ts";
import { deadLettersContract } from "./dead-letters-contract.ts";

describe("in memory", () => {
  deadLettersContract(() => {
    const deadLetters = memoryDeadLetters();
    const buried = async () =>
      deadLetters.buried.map(({ record: { body, group }, cause }) => ({ body, group, cause }));
    return { deadLetters, buried };
  });
});

describe("over the simulator's queue", () => {
  deadLettersContract(() => {
    const queue = fifoQueue({ visibilityMs: 1 });
    const deadLetters = queueDeadLetters({ queue, now: () => 0 });
    const buried = async () =>
      queue.contents(0).map(({ body, group, attributes }) => ({
        body,
        group,
        cause: attributes?.["cause"],
      }));
    return { deadLetters, buried };
  });
});

describe("over SQS", () => {
  const open = async () => {
    const queue = await createLocalQueue("dead");
    const buried = async () =>
      (await queue.receive()).map(({ Body = "", Attributes, MessageAttributes }) => ({
        body: Body,
        group: Attributes?.MessageGroupId,
        cause: MessageAttributes?.["cause"]?.StringValue,
      }));
    return { ...queue, deadLetters: sqsDeadLetters(queue), buried };
  };

  deadLettersContract(open);

  test("a delivery that is buried again after a lost answer is there once", async () => {
    const { deadLetters, buried } = await open();
    const record = { receiptId: "r1", group: "a", body: "same" };

    await deadLetters.bury(record, "first");
    await deadLetters.bury(record, "first");

    expect(await buried()).toHaveLength(1);
  });

  test("a cause of any length and characters is sent, as far as SQS takes it", async () => {
    const { deadLetters, buried } = await open();
    const cause = `\u0000\uD800${"x".repeat(5_000)}`;

    await deadLetters.bury({ receiptId: "r1", group: "a", body: "b" }, cause);

    const [letter] = await buried();
    expect(letter?.cause).toHaveLength(1_024);
    expect(letter?.cause).toMatch(/^\uFFFD\uFFFDx+$/);
  });

  test.for([
    ["no room for a cause", 1_048_576, undefined],
    ["room for a part of it", 1_048_576 - 14, "mal"],
  ] as const)("a body that leaves %s is kept whole", async ([, bytes, cause]) => {
    const { deadLetters, buried } = await open();
    const body = "x".repeat(bytes);

    await deadLetters.bury({ receiptId: "r1", group: "a", body }, "malformed");

    const [letter] = await buried();
    expect(letter?.body === body).toBe(true);
    expect(letter?.cause).toBe(cause);
  });

  test("a record whose group SQS would not take is kept in another", async () => {
    const { deadLetters, buried } = await open();

    await deadLetters.bury({ receiptId: "r1", group: "", body: "b" }, "no group");

    expect((await buried()).map(({ group }) => group)).toEqual(["without-group"]);
  });

  test("a queue that is not there is an error that may pass", async () => {
    const { client, queueUrl } = await createLocalQueue("dead");
    const deadLetters = sqsDeadLetters({ client, queueUrl: queueUrl.replace("dead", "absent") });

    const buried = deadLetters.bury({ receiptId: "r1", group: "a", body: "b" }, "cause");

    await expect(buried).rejects.toMatchObject({ code: "store-unavailable", action: "retry" });
  });
});
