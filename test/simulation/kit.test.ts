// The kit that users prove their own handlers with: sound ones of every kind pass under every
// fault, and each kind of mistake is found.
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import { isJsonObject, type Json } from "#kernel/json";
import { milliseconds } from "#kernel/units";
import type { EffectsHandler, ExternalHandler, FoldHandler } from "#messaging";
import { simulateConsumer, SIMULATED_FAULTS } from "#simulation/kit/simulate-consumer";
import type { SimulatedMessage, SimulationPlace } from "#simulation/kit/subject";

const SCHEDULES = 150;

const messages: readonly SimulatedMessage[] = Array.from({ length: 24 }, (_, index) => ({
  stream: ["ann", "bob", "eve"][index % 3] ?? "",
  type: "money.moved",
  data: { amount: index % 5 === 4 ? -30 : 10 + index },
}));

type Account = { readonly balance: number; readonly declined: number };

const amountOf = ({ data }: { readonly data: SimulatedMessage["data"] }): number =>
  Number(data["amount"]);

const fold: FoldHandler<Account> = {
  kind: "fold",
  initial: { balance: 0, declined: 0 },
  evolve(account, message) {
    const balance = account.balance + amountOf(message);
    return balance < 0 ? { ...account, declined: account.declined + 1 } : { ...account, balance };
  },
};

type Loaded = { readonly balance: number; readonly version: number };

/** The account as an item of its own, and one entry of its journal for each message. */
const ledger = (place: SimulationPlace<unknown>): EffectsHandler<Loaded, TransactWriteItem> => ({
  kind: "effects",
  async load(stream) {
    const item = await place.get("accounts", { pk: { S: stream } });
    return {
      balance: Number(item?.["balance"]?.N ?? 0),
      version: Number(item?.["version"]?.N ?? 0),
    };
  },
  handle({ balance, version }, message) {
    const { stream, sequence } = message;
    const after = { balance: balance + amountOf(message), version: version + 1 };
    return {
      loaded: after,
      writes: [
        {
          Update: {
            TableName: "accounts",
            Key: { pk: { S: stream } },
            UpdateExpression: "SET balance = :balance, version = :next",
            ConditionExpression: "attribute_not_exists(pk) OR version = :version",
            ExpressionAttributeValues: {
              ":balance": { N: String(after.balance) },
              ":next": { N: String(after.version) },
              ":version": { N: String(version) },
            },
          },
        },
        {
          Put: {
            TableName: "journal",
            Item: { pk: { S: stream }, sk: { S: String(sequence) }, by: { S: message.id } },
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
    };
  },
});

type Bank = Map<string, string>;

const caller = ({ call }: SimulationPlace<Bank>): ExternalHandler => ({
  kind: "external",
  leaseMs: milliseconds(5_000),
  call: ({ id }, { key }) => call((bank) => void bank.set(key, id)),
});

test("a sound fold passes, under every fault", async () => {
  const report = await simulateConsumer({ handler: fold, messages, schedules: SCHEDULES });

  expect(report.breaches).toEqual([]);
  expect(report.applied).toBe(SCHEDULES * messages.length);
  expect(Object.keys(report.fired).toSorted()).toEqual(SIMULATED_FAULTS.toSorted());
});

test("sound effects pass: several items, in one transaction with the position", async () => {
  const report = await simulateConsumer({ handler: ledger, messages, schedules: SCHEDULES });

  expect(report.breaches).toEqual([]);
  expect(report.applied).toBe(SCHEDULES * messages.length);
});

test("a sound call passes: the other side takes two calls of one key for one", async () => {
  const outside = (): Bank => new Map();
  const report = await simulateConsumer({ handler: caller, outside, messages, schedules: 100 });

  expect(report.breaches).toEqual([]);
  expect(report.applied).toBe(100 * messages.length);
});

test("a message that can never be applied halts its stream, and is no breach", async () => {
  const poisoned = messages.map((message, index) =>
    index === 10 ? { ...message, type: "poison" } : message,
  );
  const handler: FoldHandler<Account> = {
    ...fold,
    evolve(account, message, delivery) {
      if (message.type === "poison") throw new Failure("malformed-message", "halt", "poison");
      return fold.evolve(account, message, delivery);
    },
  };

  const report = await simulateConsumer({ handler, messages: poisoned, schedules: 50 });

  expect(report.breaches).toEqual([]);
  expect(report.applied).toBeLessThan(50 * messages.length);
});

test("a side effect beside the returned writes is found", async () => {
  const found = await simulateConsumer({
    messages,
    outside: () => ({ mails: new Map<string, number>() }),
    handler: (place) => {
      const right = ledger(place);
      return {
        ...right,
        handle(loaded, message, delivery) {
          const { mails } = place.outside;
          mails.set(message.id, (mails.get(message.id) ?? 0) + 1);
          return right.handle(loaded as Loaded, message, delivery);
        },
      };
    },
  });

  const [breach] = found.breaches;
  expect(breach?.rule).toBe("once");
  expect(breach?.detail).toMatch(/the world outside is .*each message once and in order makes it/);
  expect(breach?.trace.length).toBeGreaterThan(10);
});

test("the seed and the faults of a breach run it again", async () => {
  const broken = {
    messages,
    outside: () => ({ calls: new Array<string>() }),
    handler: ({ call }: SimulationPlace<{ readonly calls: string[] }>): ExternalHandler => ({
      kind: "external",
      leaseMs: milliseconds(5_000),
      // The key is not handed on: the other side cannot know a repetition.
      call: ({ id }) => call(({ calls }) => void calls.push(id)),
    }),
    comparable: sortedCalls,
  };
  const [breach] = (await simulateConsumer(broken)).breaches;
  const { seed = 0, faults = [] } = breach ?? {};

  const again = await simulateConsumer({ ...broken, seed, faults, schedules: 1 });

  expect(breach?.rule).toBe("once");
  expect(faults.length).toBeLessThan(4);
  expect(again.breaches[0]?.detail).toBe(breach?.detail);
});

test("a fold that remembers something of its own is found", async () => {
  const handler = (): FoldHandler<Account> => {
    let seen = 0;
    return {
      ...fold,
      evolve: (account) => ({ ...account, balance: (seen += 1) }),
    };
  };

  const { breaches } = await simulateConsumer({ handler, messages });

  expect(breaches[0]?.rule).toBe("together");
  expect(breaches[0]?.detail).toMatch(/the state at \d+ is .*; messages 1 to \d+, each once/);
});

test("effects that differ from attempt to attempt are found", async () => {
  const handler = (
    place: SimulationPlace<undefined>,
  ): EffectsHandler<Loaded, TransactWriteItem> => {
    const right = ledger(place);
    return {
      ...right,
      handle(loaded, message, delivery) {
        const { writes, ...rest } = right.handle(loaded, message, delivery);
        const Item = { pk: { S: `${message.id} ${delivery.now}` } };
        return { ...rest, writes: [...writes, { Put: { TableName: "mails", Item } }] };
      },
    };
  };

  const { breaches } = await simulateConsumer({ handler, messages });

  expect(breaches[0]?.rule).toBe("once");
});

test("a fold that changes the state that it is given is found", async () => {
  const handler: FoldHandler<Account> = {
    ...fold,
    evolve: (account, message, delivery) =>
      Object.assign(account, fold.evolve(account, message, delivery)),
  };

  const { breaches } = await simulateConsumer({ handler: () => handler, messages });

  expect(breaches[0]?.rule).toBe("together");
});

test("what may differ from run to run can be left out", async () => {
  const handler: FoldHandler<Account & { readonly at: number }> = {
    kind: "fold",
    initial: { balance: 0, declined: 0, at: 0 },
    evolve: (account, message, delivery) => ({
      ...account,
      ...fold.evolve(account, message, delivery),
      at: delivery.now,
    }),
  };
  const strict = await simulateConsumer({ handler, messages, schedules: 20 });
  const lenient = await simulateConsumer({
    handler,
    messages,
    schedules: 20,
    comparable: withoutTime,
  });

  expect(strict.breaches).toHaveLength(1);
  expect(lenient.breaches).toEqual([]);
});

test("nothing goes wrong where no fault is switched on", async () => {
  const report = await simulateConsumer({ handler: fold, messages, faults: [], schedules: 5 });

  expect(report.fired).toEqual({});
  expect(report.applied).toBe(5 * messages.length);
});

test.each([
  [{ messages: [] }, /messages is empty/],
  [{ messages, schedules: 0 }, /schedules is 0: from 1 on/],
  [{ messages, seed: 0.5 }, /seed is 0.5/],
  [{ messages, faults: ["earthquake"] }, /no fault earthquake; there are .*kill/],
])("what cannot run is refused: %#", async (wrong, message) => {
  await expect(simulateConsumer({ handler: fold, ...wrong })).rejects.toThrow(message);
});

test("an expression that the simulator does not read is refused by name", async () => {
  const handler = (): EffectsHandler<null, TransactWriteItem> => ({
    kind: "effects",
    load: async () => null,
    handle: (loaded, { stream }) => ({
      loaded,
      writes: [
        {
          Delete: {
            TableName: "t",
            Key: { pk: { S: stream } },
            ConditionExpression: "size(pk) > :x",
            ExpressionAttributeValues: { ":x": { N: "1" } },
          },
        },
      ],
    }),
  });

  await expect(simulateConsumer({ handler, messages })).rejects.toThrow(
    /does not read the expression "size\(pk\) > :x"/,
  );
});

/** Streams overtake each other; within one the order stays. */
function sortedCalls(value: Json): Json {
  const { calls } = isJsonObject(value) ? value : {};
  return Array.isArray(calls) ? { calls: calls.map(String).toSorted() } : value;
}

function withoutTime(value: Json): Json {
  return isJsonObject(value) ? { ...value, at: 0 } : value;
}
