// What no queue takes leaves its table as a claim check, and comes whole to its consumer.
import { beforeEach, expect, test } from "vitest";
import { memoryClaimCheckStore } from "#adapters/memory/claim-check-store";
import { memoryEventBus } from "#adapters/memory/event-bus";
import { memoryEventStore } from "#adapters/memory/event-store";
import { memoryFifoSender } from "#adapters/memory/fifo-sender";
import { Failure } from "#kernel/failure";
import {
  type Change,
  CLAIMED_BYTES_MAX,
  type Commit,
  encode,
  ENVELOPE_BYTES_MAX,
  redeliveryFrom,
  relay,
  resend,
} from "#messaging";
import { consumerWorld, start, unhurried } from "../../support/consumer-world.ts";

const large = "x".repeat(ENVELOPE_BYTES_MAX);
const away = new Failure("store-unavailable", "retry", "the store is away");

const commitOf = (stream: string, text = "small"): Commit => ({
  stream,
  number: 1,
  events: [{ type: "order.placed", sequence: 1, data: { text } }],
  recordedAt: start,
});

const change = (position: string, commit: Commit): Change => ({
  position,
  content: { kind: "commit", commit },
});

let bus: ReturnType<typeof memoryEventBus>;
let queue: ReturnType<typeof memoryFifoSender>;

beforeEach(() => {
  bus = memoryEventBus();
  queue = memoryFifoSender();
});

test("an event that no queue takes leaves as a claim check, the same however often", async () => {
  const claimChecks = memoryClaimCheckStore();
  const routes = [{ types: ["order.placed"], sender: queue }];
  const changes = [
    change("p1", commitOf("a")),
    change("p2", commitOf("b", large)),
    change("p3", commitOf("c")),
  ];
  const outbox = relay({ source: "urn:orders", routes, bus, claimChecks });

  expect(await outbox.forward(changes)).toEqual({ relayed: 3 });
  expect(await outbox.forward(changes)).toEqual({ relayed: 3 });

  const sent = queue.accepted.map(({ envelope }) => envelope);
  expect(sent.map((one) => "dataref" in one)).toEqual([false, true, false]);
  expect(bus.published.slice(0, 3)).toEqual(sent);
  expect(bus.published.slice(3)).toEqual(sent);
  expect([...claimChecks.texts.values()]).toEqual([JSON.stringify({ text: large })]);
});

test("what grows above the bound as it is written for a queue is measured as that", async () => {
  const claimChecks = memoryClaimCheckStore();
  const routes = [{ types: ["order.placed"], sender: queue }];
  const outbox = relay({ source: "urn:orders", routes, claimChecks });
  const text = "\uFFFF".repeat(ENVELOPE_BYTES_MAX / 6);

  expect(await outbox.forward([change("p1", commitOf("a", text))])).toEqual({ relayed: 1 });
  expect(queue.accepted.map(({ envelope }) => "dataref" in envelope)).toEqual([true]);
});

test("a consumer that takes less is sent claim checks earlier", async () => {
  const claimChecks = memoryClaimCheckStore();
  const routes = [{ types: ["order.placed"], sender: queue }];
  const outbox = relay({ source: "urn:orders", routes, claimChecks, bodyBytesMax: 500 });

  await outbox.forward([
    change("p1", commitOf("a", "x".repeat(100))),
    change("p2", commitOf("b", "x".repeat(500))),
  ]);

  expect(queue.accepted.map(({ envelope }) => "dataref" in envelope)).toEqual([false, true]);
});

test.for([
  { why: "no claim check stands for so much", bytes: CLAIMED_BYTES_MAX, code: "payload-too-large" },
  {
    why: "nothing stores claim checks",
    store: undefined,
    bytes: 300_000,
    code: "payload-too-large",
  },
  {
    why: "the store is away",
    store: { ...memoryClaimCheckStore(), put: () => Promise.reject(away) },
    bytes: 300_000,
    code: "store-unavailable",
  },
])(
  "where $why, what is before goes out and the event is named",
  async ({ bytes, code, ...given }) => {
    const claimChecks = "store" in given ? given.store : memoryClaimCheckStore();
    const routes = [{ types: ["order.placed"], sender: queue }];
    const outbox = relay({ source: "urn:orders", routes, bus, claimChecks });

    const answer = await outbox.forward([
      change("p1", commitOf("a")),
      change("p2", commitOf("b", "x".repeat(bytes))),
      change("p3", commitOf("c")),
    ]);

    expect(answer).toMatchObject({ relayed: 1, failed: { position: "p2", failure: { code } } });
    expect(queue.accepted.map(({ group }) => group)).toEqual(["a"]);
  },
);

test("what is sent again is stored and redeemed as the first time", async () => {
  const claimChecks = memoryClaimCheckStore();
  const store = memoryEventStore();
  await store.append(commitOf("a", large));
  const way = { store, source: "urn:orders", sender: queue, newId: () => "r", claimChecks };

  expect(await resend(way, "a", { from: 1 })).toBe(1);
  await redeliveryFrom(way).request("a", { from: 1, to: 1 });

  const world = consumerWorld({ claimChecks });
  const records = queue.accepted.map(({ envelope, group, deduplicationId }) => {
    return { receiptId: deduplicationId, group, body: encode(envelope) };
  });
  expect((await world.sandbox().consume(records, unhurried)).notDurable).toEqual([]);
  const applied = (await world.store.read("a")).flatMap(({ events }) => events);
  expect(applied.map(({ data }) => data["text"])).toEqual([large]);
});

test("what is sent again is stored side by side, within a bound, and sent in order", async () => {
  const memory = memoryClaimCheckStore();
  const store = memoryEventStore();
  const events = Array.from({ length: 25 }, (_, index) => {
    return { type: "order.placed", sequence: index + 1, data: { text: "x".repeat(index + 500) } };
  });
  await store.append({ stream: "a", number: 1, events, recordedAt: start });
  let [underWay, atMost] = [0, 0];
  const put = async (text: string): Promise<string> => {
    underWay += 1;
    atMost = Math.max(atMost, underWay);
    // The earlier, the longer it takes.
    for (let turn = text.length; turn < 1_000; turn += 1) await Promise.resolve();
    underWay -= 1;
    return memory.put(text);
  };
  const claimChecks = { ...memory, put };
  const way = { store, source: "urn:orders", sender: queue, newId: () => "r", claimChecks };

  await resend({ ...way, bodyBytesMax: 500 }, "a", { from: 1 });

  expect(atMost).toBe(10);
  const refs = queue.accepted.map(({ envelope }) => "dataref" in envelope && envelope.dataref);
  const stored = refs.map((ref) => memory.texts.get(String(ref)));
  expect(stored).toEqual(events.map(({ data }) => JSON.stringify(data)));
});
