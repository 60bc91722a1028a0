// Data that is stored elsewhere: fetched when its message's turn comes, checked, never mistaken.
import { expect, test } from "vitest";
import { memoryClaimCheckStore } from "#adapters/memory/claim-check-store";
import type { JsonObject } from "#kernel/json";
import { CLAIMED_BYTES_MAX, checkedIn, encode, type QueueRecord } from "#messaging";
import {
  commands,
  consumerWorld,
  envelope,
  receipts,
  unhurried,
  type WorldOptions,
} from "../../support/consumer-world.ts";

function claimWorld(options: WorldOptions = {}) {
  const claimChecks = memoryClaimCheckStore();
  const world = consumerWorld({ claimChecks, ...options });
  let count = 0;
  const claimed = async (sequence: number, data: JsonObject): Promise<QueueRecord> => {
    count += 1;
    const sent = await checkedIn(envelope("a", sequence, { data }), claimChecks, 10);
    return { receiptId: `receipt-${count}`, group: "a", body: encode(sent) };
  };
  const applied = async () =>
    (await world.store.read("a")).flatMap(({ events }) => events.map(({ data }) => data["text"]));
  return { ...world, claimChecks, claimed, appliedTexts: applied };
}

const text = (name: string): JsonObject => ({ text: `${name} ${"x".repeat(50)}` });

test("data above the bound travels as a reference and arrives whole", async () => {
  const world = claimWorld();
  const record = await world.claimed(1, text("one"));

  const { notDurable } = await world.sandbox().consume([record], unhurried);

  expect(record.body).not.toContain("xxx");
  expect(notDurable).toEqual([]);
  expect(await world.appliedTexts()).toEqual([text("one")["text"]]);
});

test("data within the bound stays in the envelope, and is stored nowhere", async () => {
  const store = memoryClaimCheckStore();

  const sent = await checkedIn(envelope("a", 1), store, 1_000);

  expect(sent).toEqual(envelope("a", 1));
  expect(store.texts.size).toBe(0);
});

test("data above what a claim check stands for is refused before it is stored", async () => {
  const store = memoryClaimCheckStore();
  const data = { text: "x".repeat(CLAIMED_BYTES_MAX) };

  const checking = checkedIn(envelope("a", 1, { data }), store, 10);

  await expect(checking).rejects.toMatchObject({ code: "payload-too-large", action: "reject" });
  expect(store.texts.size).toBe(0);
});

test("data that is not there yet is a failed attempt: it comes again", async () => {
  const world = claimWorld();
  const record = await world.claimed(1, text("one"));
  const stored = new Map(world.claimChecks.texts);
  world.claimChecks.texts.clear();

  const { notDurable } = await world.sandbox().consume([record], unhurried);
  for (const [ref, value] of stored) world.claimChecks.texts.set(ref, value);
  const again = await world.sandbox().consume([record], unhurried);

  expect(notDurable).toEqual(receipts([record]));
  expect(again.notDurable).toEqual([]);
  expect(await world.appliedTexts()).toHaveLength(1);
});

test.each([
  ["other", (value: string) => value.replace("one", "two")],
  ["cut", (value: string) => value.slice(0, -1)],
])("%s data than was checked in halts the stream with the reason", async (_name, spoil) => {
  const world = claimWorld();
  const record = await world.claimed(1, text("one"));
  for (const [ref, value] of world.claimChecks.texts) {
    world.claimChecks.texts.set(ref, spoil(value));
  }

  await world.sandbox().consume([record], unhurried);

  const { status, halt } = await world.head("a");
  expect(status).toBe("halted");
  expect(halt?.code).toBe("malformed-message");
  expect(halt?.message).toContain("is not what was checked in: size or checksum differ");
});

test.each([
  ["in the head", 16_384],
  ["beside it", 0],
])(
  "parked %s it is parked as it came, and fetched when its turn has come",
  async (_where, bytes) => {
    const world = claimWorld({ settings: { parkedBytesMax: bytes } });
    const [first, second, third] = [
      await world.claimed(1, text("one")),
      await world.claimed(2, text("two")),
      await world.claimed(3, text("three")),
    ];

    await world.sandbox().consume([second, third], unhurried);
    const head = await world.head("a");
    const parked = JSON.stringify([head, await world.heads.readParked("a", [2, 3])]);
    await world.sandbox().consume([first], unhurried);

    expect(parked).not.toContain("xxx");
    expect(await world.appliedTexts()).toEqual(["one", "two", "three"].map((n) => text(n)["text"]));
  },
);

test("a replacement stands for itself: what it replaces is not fetched", async () => {
  const world = claimWorld();
  const record = await world.claimed(1, text("one"));
  for (const ref of world.claimChecks.texts.keys()) world.claimChecks.texts.set(ref, "{}");
  const consumer = world.sandbox();
  await consumer.consume([record], unhurried);

  await consumer.consume(
    [commands()("a", { kind: "replace", id: "d1", sequence: 1, data: { text: "by hand" } })],
    unhurried,
  );

  expect(await world.appliedTexts()).toEqual(["by hand"]);
});

test("data torn while its message waited halts the stream, and can be left out", async () => {
  const world = claimWorld({ settings: { parkedBytesMax: 0 } });
  const [first, second] = [
    await world.claimed(1, text("one")),
    await world.claimed(2, text("two")),
  ];
  const consumer = world.sandbox();
  await consumer.consume([second], unhurried);
  const [ref = ""] = [...world.claimChecks.texts.keys()].slice(1);
  world.claimChecks.texts.set(ref, "{}");
  await consumer.consume([first], unhurried);
  const halted = await world.head("a");

  await consumer.consume([commands()("a", { kind: "skip", id: "d1", sequence: 2 })], unhurried);

  expect(halted).toMatchObject({ status: "halted", last: 1, halt: { sequence: 2 } });
  expect(await world.head("a")).toMatchObject({ status: "running", last: 2 });
});

test("without a store a claim check halts its stream and says what to do", async () => {
  const { claimChecks: _, ...without } = { claimChecks: undefined };
  const world = consumerWorld(without);
  const sent = await checkedIn(
    envelope("a", 1, { data: text("one") }),
    memoryClaimCheckStore(),
    10,
  );
  const record = { receiptId: "r", group: "a", body: encode(sent) };

  await world.sandbox().consume([record], unhurried);

  expect(await world.head("a")).toMatchObject({ status: "halted", halt: { sequence: 1 } });
});
