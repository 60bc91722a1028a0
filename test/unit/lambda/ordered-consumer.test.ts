// What a user writes becomes a handler: told by its construct, agreeing with it, and nothing
// starts that is at odds with it.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { memoryHeadStore } from "#adapters/memory/head-store";
import { memoryTable } from "#adapters/memory/table";
import { milliseconds } from "#kernel/units";
import { claimChecks } from "#lambda/claim-check-place";
import { orderedConsumer } from "#lambda/ordered-consumer";
import { encode, type FoldHandler } from "#messaging";
import { countedSurroundings, lambdaContext } from "../../support/gateway-event.ts";
import { start } from "../../support/consumer-world.ts";

const TOLD = {
  INORDER_TABLE: "ledger-heads",
  INORDER_CONSUMER: "ledger",
  INORDER_DEAD_LETTER_QUEUE_URL: "https://sqs.example/dead.fifo",
  INORDER_ATTEMPTS_MAX: "7",
  INORDER_GAP_DEADLINE_SECONDS: "300",
  INORDER_RETRY_DELAY_SECONDS: "2",
};

beforeEach(() => {
  for (const [key, value] of Object.entries(TOLD)) vi.stubEnv(key, value);
});
afterEach(() => void vi.unstubAllEnvs());

const sum: FoldHandler<{ readonly total: number }> = {
  kind: "fold",
  initial: { total: 0 },
  evolve: (state, message) => ({ total: state.total + Number(message.data["amount"]) }),
};

const record = (stream: string, sequence: number) => ({
  messageId: `${stream}-${sequence}`,
  attributes: { MessageGroupId: stream },
  body: encode({
    specversion: "1.0",
    id: `${stream}#${sequence}`,
    source: "urn:test",
    type: "paid",
    partitionkey: stream,
    sequence,
    data: { amount: 10 },
  }),
});

test("a batch is applied in order and answered by what is not durable", async () => {
  const heads = memoryHeadStore({ table: memoryTable() });
  const { telemetry, counts } = countedSurroundings(start);
  const handler = orderedConsumer({ handler: sum, heads, telemetry });

  const answer = await handler(
    { Records: [record("a", 1), record("a", 2), record("a", 2), record("b", 1)] },
    lambdaContext(),
  );

  expect(answer).toEqual({ batchItemFailures: [] });
  expect((await heads.read("a"))?.state).toEqual({ total: 20 });
  expect(Object.fromEntries(counts)).toMatchObject({ MessagesApplied: 3, DuplicatesDropped: 1 });
});

test("with nothing but a handler it starts, told the rest", () => {
  expect(orderedConsumer({ handler: sum })).toBeTypeOf("function");
});

test("what nobody tells is named", () => {
  vi.stubEnv("INORDER_TABLE", "");

  expect(() => orderedConsumer({ handler: sum })).toThrow(/environment lacks INORDER_TABLE/);
  expect(orderedConsumer({ handler: sum, table: "mine" })).toBeTypeOf("function");
});

test.each([
  [{ consumer: "books" }, /consumer is "books" in the code, but "ledger".*INORDER_CONSUMER/],
  [{ table: "books" }, /table is "books" in the code, but "ledger-heads"/],
  [{ deadLetterQueueUrl: "https://x" }, /deadLetterQueueUrl is "https:\/\/x" in the code/],
  [{ settings: { attemptsMax: 3 } }, /settings.attemptsMax is 3 in the code, but 7.*construct/],
  [
    { settings: { gapDeadlineMs: milliseconds(1) } },
    /settings.gapDeadlineMs is 1 in the code, but 300000/,
  ],
])("code that is at odds with its construct does not start: %j", (options, message) => {
  expect(() => orderedConsumer({ handler: sum, ...options })).toThrow(message);
});

test("code that says the same as its construct starts", () => {
  const settings = { attemptsMax: 7, retryDelayMs: milliseconds(2_000) };

  expect(orderedConsumer({ handler: sum, consumer: "ledger", settings })).toBeTypeOf("function");
});

test.for(["soon", "0", "-1", "0.0001"])("a consumer does not start with %j seconds", (told) => {
  vi.stubEnv("INORDER_GAP_DEADLINE_SECONDS", told);

  expect(() => orderedConsumer({ handler: sum })).toThrow(/gapDeadlineMs must be an integer/);
});

test("a bucket of large messages that the code does not read is told at the start", () => {
  vi.stubEnv("INORDER_CLAIM_CHECK_BUCKET", "large");
  const heads = memoryHeadStore({ table: memoryTable() });

  expect(() => orderedConsumer({ handler: sum, heads })).toThrow(
    /large messages are in "large", but the code has no `claimChecks`: give/,
  );
  expect(orderedConsumer({ handler: sum, heads, claimChecks: claimChecks() })).toBeTypeOf(
    "function",
  );
});

test("a lease that is not longer than the function may run is told at the start", () => {
  vi.stubEnv("INORDER_TIMEOUT_SECONDS", "10");
  const heads = memoryHeadStore({ table: memoryTable() });
  const begin = (leaseMs: number) => () =>
    orderedConsumer({
      handler: { kind: "external", leaseMs: milliseconds(leaseMs), call: async () => {} },
      heads,
    });

  expect(begin(10_000)).toThrow(
    /leaseMs is 10000, but the function may run for 10000 ms.*set leaseMs/,
  );
  expect(begin(10_001)).not.toThrow();
});
