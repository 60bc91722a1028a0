// Powertools' own DynamoDB layer and the fenced one through the same steps on the real API: what a
// late or a refused run does to the record of another, and what that costs in effects.
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { makeHandlerIdempotent } from "@aws-lambda-powertools/idempotency/middleware";
import middy from "@middy/core";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { DynamoDBPersistenceLayer as FencedLayer } from "#adapters/powertools/index";
import { createIdempotencyTable, type IdempotencyTable } from "../support/idempotency-table.ts";
import { lambdaContext } from "../support/gateway-event.ts";

const LEASE_MS = 10_000;

type Layer = DynamoDBPersistenceLayer | FencedLayer;
type Payment = { paymentId: string };

let table: IdempotencyTable;
let made = 0;

beforeAll(async () => {
  table = await createIdempotencyTable();
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

const payment = (): Payment => {
  made += 1;
  return { paymentId: `payment-${made}` };
};

const context = { ...lambdaContext(), getRemainingTimeInMillis: () => LEASE_MS };

const leaseEnds = () => vi.setSystemTime(Date.now() + LEASE_MS + 1);

/** A handler whose end the test decides. */
function effect(result: string) {
  const started = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  return {
    started: started.promise,
    finish: () => end.resolve(),
    fail: () => end.reject(new Error(`${result} failed`)),
    work: async (): Promise<string> => {
      started.resolve();
      await end.promise;
      return result;
    },
  };
}

/** Each call is a sandbox of its own: its own layer over the same table. */
function sandbox(open: () => Layer, work: (input: Payment) => Promise<string>) {
  const run = makeIdempotent(async (input: Payment, _context: unknown) => work(input), {
    persistenceStore: open(),
    keyPrefix: "pay",
    config: new IdempotencyConfig({ eventKeyJmesPath: "paymentId" }),
  });
  return (input: Payment): Promise<string> => run(input, context);
}

const outcome = (call: Promise<string>): Promise<string> =>
  call.catch((error: unknown) => (error instanceof Error ? error.name : "no error"));

const layers = [
  {
    name: "Powertools' own layer",
    open: () => new DynamoDBPersistenceLayer(table),
    zombieDelete: { effects: 2, third: "third" },
    zombieUpdate: { late: "late", replayed: "late" },
    refused: { effects: 2 },
    mutated: { effects: 2, replayed: "done" },
  },
  {
    name: "the fenced layer",
    open: () => new FencedLayer(table),
    zombieDelete: { effects: 1, third: "IdempotencyAlreadyInProgressError" },
    zombieUpdate: { late: "IdempotencyPersistenceLayerError", replayed: "newer" },
    refused: { effects: 1 },
    mutated: { effects: 1, replayed: "done" },
  },
];

describe.each(layers)("$name", ({ open, ...expected }) => {
  test("a late run fails while the one that took over works, and a third comes", async () => {
    const input = payment();
    const [late, newer] = [effect("late"), effect("newer")];
    let effects = 0;
    const lateCall = outcome(sandbox(open, late.work)({ ...input }));
    await late.started;
    leaseEnds();
    const newerCall = sandbox(open, () => {
      effects += 1;
      return newer.work();
    })({ ...input });
    await newer.started;

    late.fail();
    expect(await lateCall).toBe("Error");
    const third = sandbox(open, async () => {
      effects += 1;
      return "third";
    });

    expect({ third: await outcome(third({ ...input })), effects }).toEqual(expected.zombieDelete);
    newer.finish();
    await newerCall;
  });

  test("a late run finishes after the one that took over", async () => {
    const input = payment();
    const late = effect("late");
    const lateCall = outcome(sandbox(open, late.work)({ ...input }));
    await late.started;
    leaseEnds();
    const told = await sandbox(open, async () => "newer")({ ...input });

    late.finish();

    expect({
      late: await lateCall,
      replayed: await sandbox(open, async () => "again")({ ...input }),
    }).toEqual(expected.zombieUpdate);
    expect(told).toBe("newer");
  });

  test("a duplicate is refused behind Middy while the original works; a third comes", async () => {
    const input = payment();
    const original = effect("original");
    let effects = 0;
    const handler = (work: () => Promise<string>) =>
      middy(async () => {
        effects += 1;
        return work();
      }).use(makeHandlerIdempotent({ persistenceStore: open(), keyPrefix: "middy" }));
    const originalCall = handler(original.work)({ ...input }, context);
    await original.started;

    const duplicate = await outcome(handler(async () => "duplicate")({ ...input }, context));
    await outcome(handler(async () => "third")({ ...input }, context));

    expect(duplicate).toBe("IdempotencyAlreadyInProgressError");
    expect({ effects }).toEqual(expected.refused);
    original.finish();
    await originalCall;
  });

  test("a handler changes its input, and the same request comes again", async () => {
    const input = payment();
    let effects = 0;
    const run = sandbox(open, async (given) => {
      effects += 1;
      given.paymentId = `${given.paymentId}-normalised`;
      return "done";
    });
    await run({ ...input });
    leaseEnds();

    const replayed = await run({ ...input });

    expect({ effects, replayed }).toEqual(expected.mutated);
  });
});

describe("during a rolling deployment", () => {
  const stock = () => new DynamoDBPersistenceLayer(table);
  const fenced = () => new FencedLayer(table);

  test.each([
    { name: "the fenced layer replays what the stock layer stored", first: stock, next: fenced },
    { name: "the stock layer replays what the fenced layer stored", first: fenced, next: stock },
  ])("$name", async ({ first, next }) => {
    const input = payment();
    await sandbox(first, async () => "first")({ ...input });

    expect(await sandbox(next, async () => "second")({ ...input })).toBe("first");
  });

  test.each([
    {
      name: "the fenced layer respects and later takes over a stock lock",
      first: stock,
      next: fenced,
    },
    {
      name: "the stock layer respects and later takes over a fenced lock",
      first: fenced,
      next: stock,
    },
  ])("$name", async ({ first, next }) => {
    const input = payment();
    const original = effect("original");
    const originalCall = outcome(sandbox(first, original.work)({ ...input }));
    await original.started;
    const other = sandbox(next, async () => "other");

    expect(await outcome(other({ ...input }))).toBe("IdempotencyAlreadyInProgressError");
    leaseEnds();
    expect(await other({ ...input })).toBe("other");

    original.fail();
    await originalCall;
  });

  test("payload validation and attribute names of one's own hold across both", async () => {
    const options = {
      ...table,
      statusAttr: "state",
      expiryAttr: "ttl",
      inProgressExpiryAttr: "lock_until",
      dataAttr: "answer",
      validationKeyAttr: "hash",
    };
    const config = () =>
      new IdempotencyConfig({ eventKeyJmesPath: "paymentId", payloadValidationJmesPath: "amount" });
    const paid = (layer: Layer, amount: number) =>
      makeIdempotent(
        async (input: Payment & { amount: number }, _context: unknown) => input.amount,
        {
          persistenceStore: layer,
          keyPrefix: "own-names",
          config: config(),
        },
      )({ paymentId: "one", amount }, context);
    const ofFenced = () => new FencedLayer(options);
    const ofStock = () => new DynamoDBPersistenceLayer(options);

    expect(await paid(ofFenced(), 5)).toBe(5);
    expect(await paid(ofStock(), 5)).toBe(5);
    await expect(paid(ofStock(), 6)).rejects.toThrow("Payload does not match");
    await expect(paid(ofFenced(), 6)).rejects.toThrow("Payload does not match");
  });
});
