/**
 * What a circuit breaker promises across sandboxes, whatever its state is stored in. A test file
 * calls this with a constructor of a store and of its request counts.
 */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { Failure } from "#kernel/failure";
import {
  type CircuitBreaker,
  circuitBreaker,
  type CircuitBreakerEvent,
  type RecordStore,
} from "#messaging/flow/index";
import { standingClock } from "../support/consumer-world.ts";
import type { EpochMs } from "#kernel/units";

export type StoreUnderTest = {
  readonly store: RecordStore;
  /** Requests sent to it so far. */
  readonly requests: () => { readonly reads: number; readonly writes: number };
};

const trouble = new Failure("provider-unavailable", "retry", "down");
const settings = { callsMax: 4, failuresMax: 2, probeIntervalMs: 5_000, stateCachedMs: 2_000 };

type Sandbox = {
  readonly breaker: CircuitBreaker;
  readonly events: CircuitBreakerEvent[];
};

export function circuitBreakerContract(openStore: () => StoreUnderTest): void {
  const world = () => {
    const { store, requests } = openStore();
    const name = `provider-${randomUUID()}`;
    const clock = standingClock();
    const pass = (byMs: number): void => {
      clock.at = (clock.at + byMs) as EpochMs;
    };
    const open = (): Sandbox => {
      const events: CircuitBreakerEvent[] = [];
      const observe = (event: CircuitBreakerEvent) => events.push(event);
      const options = { name, store, clock, newId: randomUUID, settings, observe };
      return { breaker: circuitBreaker(options), events };
    };
    return { requests, open, pass };
  };

  test("a closed circuit is known without a request, until the cache is too old", async () => {
    const { requests, open, pass } = world();
    const sandbox = open();
    await expectAnswered(sandbox);
    const first = requests();

    for (let call = 0; call < 50; call += 1) await expectAnswered(sandbox);
    const fresh = requests();
    pass(2_000);
    await Promise.all(Array.from({ length: 10 }, () => expectAnswered(sandbox)));

    expect(fresh).toEqual(first);
    expect(requests()).toEqual({ ...first, reads: first.reads + 1 });
  });

  test("each transition is one write", async () => {
    const { requests, open, pass } = world();
    const sandbox = open();
    await expectTrouble(sandbox);
    const closed = requests().writes;

    await expectTrouble(sandbox);
    const tripped = requests().writes;
    pass(5_000);
    await expectTrouble(sandbox);
    const reopened = requests().writes;
    pass(5_000);
    await expectAnswered(sandbox);

    expect(tripped - closed).toBe(1);
    expect(reopened - tripped).toBe(2);
    expect(requests().writes - reopened).toBe(2);
    expect(changesOf(sandbox)).toEqual([
      "closed>open",
      "open>half-open",
      "half-open>open",
      "open>half-open",
      "half-open>closed",
    ]);
  });

  test("one sandbox opens the circuit of all, within the age of their caches", async () => {
    const { open, pass } = world();
    const [one, other] = [open(), open()];
    await expectAnswered(other);
    await expectTrouble(one);
    await expectTrouble(one);

    await expectAnswered(other);
    pass(2_000);

    await expectRefused(other);
    expect(changesOf(other)).toEqual(["closed>open"]);
  });

  test("when 16 sandboxes find out together, one transition is made", async () => {
    const { requests, open } = world();
    const all = sixteen(open);
    await Promise.all(all.map((sandbox) => expectTrouble(sandbox)));

    await Promise.all(all.map((sandbox) => expectTrouble(sandbox)));
    const { writes } = requests();

    await Promise.all(all.map((sandbox) => expectRefused(sandbox)));
    expect(writes).toBe(16);
    expect(requests().writes).toBe(16);
  });

  test("of 16 concurrent probes exactly one is let through in each interval", async () => {
    const { open, pass } = world();
    const all = sixteen(open);
    const first = open();
    await expectTrouble(first);
    await expectTrouble(first);
    await Promise.all(all.map((sandbox) => expectRefused(sandbox)));

    const probes: number[] = [];
    for (let interval = 0; interval < 3; interval += 1) {
      pass(5_000);
      const attempts = await Promise.all(all.map((sandbox) => attempt(sandbox, trouble)));
      probes.push(attempts.filter(({ isMade }) => isMade).length);
      const again = await Promise.all(all.map((sandbox) => attempt(sandbox, trouble)));
      probes.push(again.filter(({ isMade }) => isMade).length);
    }

    expect(probes).toEqual([1, 0, 1, 0, 1, 0]);
  });

  test("of 16 concurrent probes in one sandbox exactly one is let through", async () => {
    const { open, pass } = world();
    const sandbox = open();
    await expectTrouble(sandbox);
    await expectTrouble(sandbox);
    pass(5_000);

    const attempts = await Promise.all(Array.from({ length: 16 }, () => attempt(sandbox, trouble)));

    expect(attempts.filter(({ isMade }) => isMade)).toHaveLength(1);
  });

  test("a probe that succeeds closes the circuit of all", async () => {
    const { open, pass } = world();
    const [one, other] = [open(), open()];
    await expectTrouble(one);
    await expectTrouble(one);
    await expectRefused(other);
    pass(5_000);

    await expectAnswered(one);

    await expectAnswered(other);
    await expectAnswered(one);
    expect(changesOf(other)).toEqual(["closed>open", "open>closed"]);
  });

  test("a probe that never comes back is followed by another an interval later", async () => {
    const { open, pass } = world();
    const [one, other] = [open(), open()];
    await expectTrouble(one);
    await expectTrouble(one);
    pass(5_000);
    const { promise: never } = Promise.withResolvers<void>();
    await beginWith(one, never).begun;

    await expectRefused(other);
    pass(5_000);
    await expectAnswered(other);

    await expectAnswered(other);
  });

  test("a probe that is overtaken by the next one still closes its outage", async () => {
    const { open, pass } = world();
    const [slow, other] = [open(), open()];
    await expectTrouble(slow);
    await expectTrouble(slow);
    pass(5_000);
    const work = Promise.withResolvers<void>();
    const { begun, ended } = beginWith(slow, work.promise);
    await begun;
    pass(5_000);
    await expectTrouble(other);

    work.resolve();
    await ended;

    pass(2_000);
    await expectAnswered(other);
  });

  test.for([
    ["succeeds", undefined],
    ["fails", trouble],
  ] as const)("a probe of an earlier outage that %s says nothing of a later", async ([, error]) => {
    const { open, pass } = world();
    const [slow, other] = [open(), open()];
    await expectTrouble(slow);
    await expectTrouble(slow);
    pass(5_000);
    const work = Promise.withResolvers<void>();
    const { begun, ended } = beginWith(slow, work.promise);
    await begun;
    pass(5_000);
    await expectAnswered(other);
    await expectTrouble(other);
    await expectTrouble(other);

    if (error === undefined) work.resolve();
    else work.reject(error);
    await ended;

    pass(4_999);
    await expectRefused(slow);
    pass(1);
    await expectAnswered(slow);
  });
}

const sixteen = (open: () => Sandbox): readonly Sandbox[] => Array.from({ length: 16 }, open);

/** A call that is under way until `work` ends; its own end is left to be awaited. */
function beginWith({ breaker }: Sandbox, work: Promise<void>) {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const ended = breaker
    .call(() => {
      resolve();
      return work;
    })
    .then(
      () => undefined,
      () => undefined,
    );
  return { begun, ended };
}

async function attempt(sandbox: Sandbox, error?: Error) {
  let isMade = false;
  const end = await sandbox.breaker
    .call(async () => {
      isMade = true;
      if (error !== undefined) throw error;
    })
    .then(
      () => "answered",
      (thrown: unknown) => (thrown instanceof Failure ? thrown.code : thrown),
    );
  return { isMade, end };
}

async function expectAnswered(sandbox: Sandbox): Promise<void> {
  expect(await attempt(sandbox)).toEqual({ isMade: true, end: "answered" });
}

async function expectTrouble(sandbox: Sandbox): Promise<void> {
  expect(await attempt(sandbox, trouble)).toEqual({ isMade: true, end: "provider-unavailable" });
}

async function expectRefused(sandbox: Sandbox): Promise<void> {
  expect(await attempt(sandbox)).toEqual({ isMade: false, end: "circuit-open" });
}

const changesOf = (sandbox: Sandbox): readonly string[] =>
  sandbox.events.flatMap((event) =>
    event.kind === "changed" ? [`${event.from}>${event.to}`] : [],
  );
