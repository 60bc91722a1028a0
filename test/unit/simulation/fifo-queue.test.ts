// The model of an SQS FIFO queue, rule by rule as AWS's text has them.
import { describe, expect, test } from "vitest";
import {
  type FifoQueue,
  type FifoQueueOptions,
  fifoQueue,
  type Received,
} from "#simulation/fifo-queue";

const MINUTE = 60_000;
const VISIBILITY = 30_000;
const start = 1_000_000;

/** Sends `a1 b1 a2` as bodies of the groups of their letters. */
function send(queue: FifoQueue, bodies: string, now = start): void {
  for (const body of bodies.split(" ")) {
    queue.send({ body, group: body.slice(0, 1), deduplicationId: body }, now);
  }
}

function queueOf(bodies: string, options: Partial<FifoQueueOptions> = {}): FifoQueue {
  const queue = fifoQueue({ visibilityMs: VISIBILITY, ...options });
  send(queue, bodies);
  return queue;
}

const bodiesOf = (messages: readonly { readonly body: string }[]): string =>
  messages.map(({ body }) => body).join(" ");

const received = (queue: FifoQueue, now = start, max = 10): string =>
  bodiesOf(queue.receive(max, now));

const handle = (records: readonly Received[], body: string): string =>
  records.find((record) => record.body === body)?.receiptHandle ?? "none";

describe("order and groups", () => {
  test("several messages of several groups come at once, each group in its order", () => {
    expect(received(queueOf("a1 b1 a2 b2"))).toBe("a1 a2 b1 b2");
  });

  test("as many of one group as there are, before another group", () => {
    expect(received(queueOf("a1 b1 a2 a3"), start, 3)).toBe("a1 a2 a3");
  });

  test("a group of which something is in flight gives no more, other groups do", () => {
    const queue = queueOf("a1 a2 b1");
    expect(received(queue, start, 1)).toBe("a1");

    expect(received(queue)).toBe("b1");
  });

  test("deleting what is in flight lets the next one out", () => {
    const queue = queueOf("a1 a2");
    const records = queue.receive(1, start);

    queue.delete(handle(records, "a1"), start);

    expect(received(queue)).toBe("a2");
  });

  test("what is sent while a group is in flight waits behind it", () => {
    const queue = queueOf("a1");
    queue.receive(10, start);
    send(queue, "a2");

    expect(received(queue)).toBe("");
    expect(received(queue, start + VISIBILITY)).toBe("a1 a2");
  });

  test("before a hidden message is visible again, only what stands before it may go", () => {
    const queue = queueOf("a1 a2 a3");
    const records = queue.receive(10, start);
    queue.changeVisibility(handle(records, "a1"), 0, start);
    queue.changeVisibility(handle(records, "a3"), 0, start);

    expect(received(queue)).toBe("a1");
  });

  test("a first message that is hidden for longer holds up those behind it", () => {
    const queue = queueOf("a1 a2 a3");
    const records = queue.receive(10, start);
    queue.changeVisibility(handle(records, "a1"), 2 * VISIBILITY, start);

    expect(received(queue, start + VISIBILITY)).toBe("");
    expect(received(queue, start + 2 * VISIBILITY)).toBe("a1 a2 a3");
  });

  test("groups behind the looked through part of a backlog wait", () => {
    const queue = queueOf("a1 a2 b1", { lookBack: 2 });
    const records = queue.receive(10, start);

    expect(bodiesOf(records)).toBe("a1 a2");
    expect(received(queue)).toBe("");
    queue.delete(handle(records, "a1"), start);
    expect(received(queue)).toBe("b1");
  });

  test("which group comes next may be another's choice", () => {
    const queue = queueOf("a1 b1 a2", { pick: (available) => available.at(-1) ?? "" });

    expect(received(queue)).toBe("b1 a1 a2");
  });
});

describe("visibility", () => {
  test("a message is hidden for its timeout, to the millisecond, and counts its receives", () => {
    const queue = queueOf("a1");

    expect(queue.receive(10, start)[0]?.receiveCount).toBe(1);
    expect(queue.nextVisibleAt(start)).toBe(start + VISIBILITY);
    expect(received(queue, start + VISIBILITY - 1)).toBe("");
    expect(queue.receive(10, start + VISIBILITY)[0]?.receiveCount).toBe(2);
  });

  test("a handle is of use until its visibility is over", () => {
    const queue = queueOf("a1");
    const records = queue.receive(10, start);

    const late = start + VISIBILITY;
    expect(queue.changeVisibility(handle(records, "a1"), 1_000, late)).toBe("expired");
    expect(queue.delete(handle(records, "a1"), late)).toBe("expired");
    expect(queue.delete(handle(records, "a1"), late - 1)).toBe("done");
    expect(queue.delete(handle(records, "a1"), late - 1)).toBe("absent");
  });

  test("a handle of an earlier receive does nothing", () => {
    const queue = queueOf("a1");
    const first = queue.receive(10, start);
    queue.receive(10, start + VISIBILITY);

    expect(queue.delete(handle(first, "a1"), start + VISIBILITY)).toBe("expired");
    expect(queue.depth(start + VISIBILITY)).toEqual({ visible: 0, inFlight: 1 });
  });
});

describe("deduplication", () => {
  const repeated = (options: Partial<FifoQueueOptions>, after: number, group = "a") => {
    const queue = queueOf("a1", options);
    return queue.send({ body: "again", group, deduplicationId: "a1" }, start + after);
  };

  test("within five minutes a repetition is accepted and dropped, and told the first's id", () => {
    expect(repeated({}, 5 * MINUTE - 1)).toEqual({ messageId: "m-1", isDuplicate: true });
  });

  test("after five minutes it is a message of its own", () => {
    expect(repeated({}, 5 * MINUTE)).toEqual({ messageId: "m-2", isDuplicate: false });
  });

  test("the window lasts although the first was deleted", () => {
    const queue = queueOf("a1");
    queue.delete(handle(queue.receive(10, start), "a1"), start);
    send(queue, "a1");

    expect(queue.depth(start)).toEqual({ visible: 0, inFlight: 0 });
  });

  test.for([
    { scope: "group", isDuplicate: false },
    { scope: "queue", isDuplicate: true },
  ] as const)("with scope $scope, an id of another group repeats: $isDuplicate", (rule) => {
    const answer = repeated({ deduplicationScope: rule.scope }, 0, "b");

    expect(answer.isDuplicate).toBe(rule.isDuplicate);
  });

  test("a repetition does not prolong the window of the first", () => {
    const queue = queueOf("a1");
    send(queue, "a1", start + 4 * MINUTE);
    send(queue, "a1", start + 6 * MINUTE);

    expect(received(queue, start + 6 * MINUTE)).toBe("a1 a1");
  });
});

describe("dead letters", () => {
  const twice = (bodies: string) => {
    const deadLetterQueue = fifoQueue({ visibilityMs: VISIBILITY, name: "d" });
    const queue = queueOf(bodies, { deadLetterQueue, maxReceiveCount: 2 });
    queue.receive(10, start);
    queue.receive(10, start + VISIBILITY);
    return { queue, deadLetterQueue, now: start + 2 * VISIBILITY };
  };

  test("what was received as often as allowed goes at the next receive, in order", () => {
    const { queue, deadLetterQueue, now } = twice("a1 b1 a2");
    send(queue, "a3", now);
    expect(queue.depth(now)).toEqual({ visible: 4, inFlight: 0 });

    expect(received(queue, now)).toBe("a3");
    expect(received(deadLetterQueue, now)).toBe("a1 a2 b1");
  });

  test("a dead letter keeps its group; its message id is its deduplication id", () => {
    const { queue, deadLetterQueue, now } = twice("a1");
    queue.receive(10, now);

    const [letter] = deadLetterQueue.contents(now);
    expect(letter).toMatchObject({ group: "a", body: "a1", deduplicationId: "m-1" });
  });

  test("what is hidden behind a hidden message is not given up before it", () => {
    const { queue, deadLetterQueue, now } = twice("a1 a2");
    const again = now - VISIBILITY;
    queue.changeVisibility("m-1/2", 2 * VISIBILITY, again);

    queue.receive(10, now);
    expect(deadLetterQueue.depth(now).visible).toBe(0);
    queue.receive(10, again + 2 * VISIBILITY);
    expect(received(deadLetterQueue, again + 2 * VISIBILITY)).toBe("a1 a2");
  });

  test("without a dead-letter queue nothing is ever given up", () => {
    const queue = queueOf("a1", { maxReceiveCount: 1 });
    queue.receive(10, start);

    expect(received(queue, start + VISIBILITY)).toBe("a1");
  });

  test("a redrive sends in order, as new messages that no window drops", () => {
    const { queue, deadLetterQueue, now } = twice("a1 a2");
    queue.receive(10, now);

    expect(deadLetterQueue.redriveTo(queue, now)).toBe(2);

    const records = queue.receive(10, now);
    expect(bodiesOf(records)).toBe("a1 a2");
    expect(records.map(({ messageId }) => messageId)).toEqual(["m-3", "m-4"]);
    expect(records[0]?.receiveCount).toBe(1);
    expect(deadLetterQueue.contents(now)).toEqual([]);
  });

  test("what is in flight in the dead-letter queue is not redriven", () => {
    const { queue, deadLetterQueue, now } = twice("a1 b1");
    queue.receive(10, now);
    deadLetterQueue.receive(1, now);

    expect(deadLetterQueue.redriveTo(queue, now)).toBe(1);
  });
});

describe("retention", () => {
  test("a message is gone when its retention is over", () => {
    const queue = queueOf("a1", { retentionMs: MINUTE });

    expect(received(queue, start + MINUTE)).toBe("");
    expect(queue.contents(start + MINUTE)).toEqual([]);
  });

  test("for a dead letter it begins anew", () => {
    const deadLetterQueue = fifoQueue({ visibilityMs: VISIBILITY, retentionMs: MINUTE });
    const queue = queueOf("a1", { deadLetterQueue, maxReceiveCount: 1 });
    queue.receive(10, start);
    queue.receive(10, start + MINUTE);

    expect(received(deadLetterQueue, start + 2 * MINUTE - 1)).toBe("a1");
  });
});

test("what happens to a message is told", () => {
  const told: string[] = [];
  const queue = queueOf("a1 a2", {
    onChange: ({ kind, message }) => told.push(`${kind} ${message.body}`),
  });

  queue.delete(handle(queue.receive(10, start), "a1"), start);
  queue.redriveTo(fifoQueue({ visibilityMs: VISIBILITY }), start + VISIBILITY);

  expect(told).toEqual(["sent a1", "sent a2", "deleted a1", "redriven a2"]);
});
