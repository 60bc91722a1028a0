// The way out of a table: ordered readers first, then everybody, at least once, and a position to
// go on from.
import { beforeEach, expect, test } from "vitest";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { VIOLATION_FILED, violationFiled } from "#contracts/events/violation-events";
import { Failure } from "#kernel/failure";
import {
  type Change,
  type Commit,
  decode,
  encode,
  type FiledViolation,
  RECOMMENDED,
  relay,
  type Route,
  type SentEnvelope,
  VIOLATION_KINDS,
} from "#messaging";
import { start } from "../../support/consumer-world.ts";

const commit = (stream: string, number: number, ...types: readonly string[]): Commit => ({
  stream,
  number,
  events: types.map((type, index) => ({ type, sequence: number * 10 + index, data: { type } })),
  recordedAt: start,
});

const change = (position: string, content: Commit | Change["content"]): Change => ({
  position,
  content: "stream" in content ? { kind: "commit", commit: content } : content,
});

const away = new Failure("store-unavailable", "retry", "the queue is away");

let bus: ReturnType<typeof memoryEventBus>;
let queue: ReturnType<typeof memoryFifoSender>;

beforeEach(() => {
  bus = memoryEventBus();
  queue = memoryFifoSender();
});

const forward = (
  changes: readonly Change[],
  routes: readonly Route[] = [{ types: ["order.placed", "order.confirmed"], sender: queue }],
  to = bus,
) => relay({ source: "urn:orders", routes, bus: to }).forward(changes);

test("an event travels as an envelope that names its stream and sequence", async () => {
  const placed = { ...commit("a", 1, "order.placed"), traceparent: "00-1-2-01" };

  const answer = await forward([change("p1", placed)]);

  expect(answer).toEqual({ relayed: 1 });
  const envelope = {
    specversion: "1.0",
    id: "a#10",
    source: "urn:orders",
    type: "order.placed",
    datacontenttype: "application/json",
    partitionkey: "a",
    sequence: 10,
    traceparent: "00-1-2-01",
    data: { type: "order.placed" },
  };
  expect(queue.accepted).toEqual([{ envelope, group: "a", deduplicationId: "a#10" }]);
  expect(bus.published).toEqual([envelope]);
  expect(bus.published.map((one) => decode(encode(one)).kind)).toEqual(["message"]);
});

test("a queue gets the types of its route, in order; the bus gets everything", async () => {
  const changes = [
    change("p1", commit("a", 1, "order.placed", "order.priced")),
    change("p2", commit("b", 1, "order.placed")),
    change("p3", commit("a", 2, "order.confirmed")),
  ];

  const { relayed } = await forward(changes);

  expect(relayed).toBe(4);
  const accepted = queue.accepted.map(({ deduplicationId }) => deduplicationId);
  expect(accepted).toEqual(["a#10", "b#10", "a#20"]);
  expect(bus.published.map(({ id }) => id)).toEqual(["a#10", "a#11", "b#10", "a#20"]);
});

test("a consumer whose groups are not its streams gets each event through its group", async () => {
  const groupOf = (stream: string) => `shared-${stream.slice(0, 1)}`;

  await forward(
    [change("p1", commit("a1", 1, "order.placed")), change("p2", commit("a2", 1, "order.placed"))],
    [{ types: ["order.placed"], sender: queue, groupOf }],
  );

  expect(queue.accepted.map(({ group }) => group)).toEqual(["shared-a", "shared-a"]);
});

test("what is no commit is passed over", async () => {
  const changes = [change("p1", { kind: "other" }), change("p2", commit("a", 1, "order.placed"))];

  expect(await forward(changes)).toEqual({ relayed: 1 });
  expect(await forward([])).toEqual({ relayed: 0 });
});

test("an unreadable commit stops the table there; what is before it is out", async () => {
  const changes = [
    change("p1", commit("a", 1, "order.placed")),
    change("p2", { kind: "unreadable", failure: away }),
    change("p3", commit("a", 2, "order.placed")),
  ];

  expect(await forward(changes)).toEqual({
    relayed: 1,
    failed: { position: "p2", failure: away },
  });
  expect(bus.published.map(({ id }) => id)).toEqual(["a#10"]);
});

test("when a queue is away, it all waits from its first event on, the bus too", async () => {
  const changes = [
    change("p1", commit("a", 1, "order.priced")),
    change("p2", commit("a", 2, "order.placed")),
    change("p3", commit("a", 3, "order.priced")),
  ];
  const sender = { send: () => Promise.reject(away) };

  const answer = await forward(changes, [{ types: ["order.placed"], sender }]);

  expect(answer).toEqual({ relayed: 1, failed: { position: "p2", failure: away } });
  expect(bus.published.map(({ id }) => id)).toEqual(["a#10"]);
});

test("two queues: neither gets what waits for the other", async () => {
  const changes = [
    change("p1", commit("a", 1, "order.placed")),
    change("p2", commit("a", 2, "order.confirmed")),
    change("p3", commit("a", 3, "order.placed")),
  ];
  const broken = { send: () => Promise.reject(away) };

  const answer = await forward(changes, [
    { types: ["order.confirmed"], sender: broken },
    { types: ["order.placed"], sender: queue },
  ]);

  expect(answer.failed?.position).toBe("p2");
  expect(queue.accepted.map(({ deduplicationId }) => deduplicationId)).toEqual(["a#10"]);
});

test("when the bus is away, ordered readers have theirs, and it comes again", async () => {
  const broken = { ...bus, publish: () => Promise.reject(away) };
  const changes = [change("p1", commit("a", 1, "order.placed"))];

  const answer = await forward(changes, undefined, broken);
  const again = await forward(changes);

  expect(answer).toEqual({ relayed: 0, failed: { position: "p1", failure: away } });
  expect(again).toEqual({ relayed: 1 });
  expect(queue.accepted).toHaveLength(1);
});

test("an event that can never be sent holds up nothing that comes before it", async () => {
  const huge = commit("b", 1, "order.placed");
  const [event] = huge.events;
  if (event === undefined) throw new Error("no event");
  const oversize = { ...huge, events: [{ ...event, data: { text: "x".repeat(300_000) } }] };
  const changes = [
    change("p1", commit("a", 1, "order.placed")),
    change("p2", oversize),
    change("p3", commit("a", 2, "order.placed")),
  ];

  const answer = await forward(changes);

  expect(answer).toMatchObject({ relayed: 1, failed: { position: "p2" } });
  expect(answer.failed?.failure).toMatchObject({ code: "payload-too-large", action: "reject" });
  expect(queue.accepted.map(({ deduplicationId }) => deduplicationId)).toEqual(["a#10"]);
  expect(bus.published.map(({ id }) => id)).toEqual(["a#10"]);
});

test("of two queues that are away, the earlier event is where it goes on", async () => {
  const changes = [
    change("p1", commit("a", 1, "order.placed")),
    change("p2", commit("a", 2, "order.confirmed")),
  ];
  const broken = { send: () => Promise.reject(away) };

  const answer = await forward(changes, [
    { types: ["order.confirmed"], sender: broken },
    { types: ["order.placed"], sender: broken },
  ]);

  expect(answer).toMatchObject({ relayed: 0, failed: { position: "p1" } });
});

test("nothing behind an unreadable commit reaches a queue", async () => {
  const changes = [
    change("p1", { kind: "unreadable", failure: away }),
    change("p2", commit("a", 2, "order.placed")),
  ];

  await forward(changes);

  expect(queue.accepted).toEqual([]);
  expect(bus.published).toEqual([]);
});

const filed: FiledViolation = {
  consumer: "list",
  stream: "a",
  version: 7,
  index: 1,
  violation: {
    kind: "gap",
    severity: "critical",
    sequence: 3,
    messageId: "",
    expected: "sequences 3 to 4",
    actual: "sequence 5 waits for it since before the deadline",
    at: start,
  },
};

const violating = (over: Partial<FiledViolation["violation"]> = {}): Change["content"] => ({
  kind: "violation",
  filed: { ...filed, violation: { ...filed.violation, ...over } },
});

test("a critical violation goes to the bus as the contract says, and to no queue", async () => {
  const answer = await forward([change("p1", violating())]);

  expect(answer).toEqual({ relayed: 1 });
  expect(queue.accepted).toEqual([]);
  expect(bus.published).toMatchObject([
    { type: VIOLATION_FILED, source: "urn:inorder:consumers:list", partitionkey: "a", sequence: 7 },
  ]);
  const data = dataOf(bus.published[0]);
  expect(violationFiled.parse(data)).toMatchObject({
    consumer: "list",
    kind: "gap",
    sequence: 3,
    expected: "sequences 3 to 4",
  });
  expect(data).not.toHaveProperty("messageId");
  expect(bus.published.map((one) => decode(encode(one)).kind)).toEqual(["message"]);
});

test.for(VIOLATION_KINDS)(
  "%s is a kind that the contract knows, with its actions",
  async (kind) => {
    await forward([change("p1", violating({ kind, messageId: "m" }))]);

    const data = violationFiled.parse(dataOf(bus.published[0]));
    expect([data.kind, data.messageId]).toEqual([kind, "m"]);
    expect(data.actions).toEqual(RECOMMENDED[kind]);
  },
);

test("the same violation is the same event every time, another one is another", async () => {
  await forward([change("p1", violating()), change("p2", violating())]);
  const next: FiledViolation = { ...filed, index: 2 };
  await forward([change("p3", { kind: "violation", filed: next })]);

  const [first, again, other] = bus.published;
  expect(again).toEqual(first);
  expect(other?.id).not.toBe(first?.id);
});

test("what is only a warning stays in the audit log", async () => {
  const answer = await forward([change("p1", violating({ severity: "warning" }))]);

  expect(answer).toEqual({ relayed: 0 });
  expect(bus.published).toEqual([]);
});

test("a violation of a stream with the longest name there is can be published", async () => {
  const longest = { ...filed, stream: "x".repeat(512) };

  expect(await forward([change("p1", { kind: "violation", filed: longest })])).toEqual({
    relayed: 1,
  });
});

const dataOf = (sent: SentEnvelope | undefined) =>
  sent !== undefined && "data" in sent ? sent.data : undefined;
