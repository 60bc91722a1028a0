// Holders that die, are paused past their leases, lose answers and have wrong clocks: tokens grow,
// the store knows one holder at a time, and what is protected is never written by a late one after
// a later one.
import { expect, test } from "vitest";
import { memoryLockStore } from "#adapters/memory/lock-store";
import { isFailure } from "#kernel/failure";
import { type Rng, seededRng } from "#kernel/rng";
import { seconds } from "#kernel/units";
import {
  type AcquireAnswer,
  distributedLock,
  type LockEvent,
  type LockStore,
  takesToken,
} from "#messaging/flow/index";
import { faultSwarm } from "#simulation/faults";
import { type SimulatedProcess, simulatedProcess } from "#simulation/process";
import { type Remote, remote, REMOTE_FAULTS } from "#simulation/remote";
import { scheduler } from "#simulation/scheduler";
import { start } from "../../../support/consumer-world.ts";

const SEEDS = 400;
const HOLDERS = 4;
const ROUNDS = 6;
const STEPS_MAX = 50_000;
const SKEW_MS_MAX = 90_000;
const settings = { leaseMs: 10_000, heartbeatMs: 3_000, heldMaxMs: 60_000 };

type Schedule = {
  /** Tokens in the order in which the store granted them. */
  readonly grants: readonly number[];
  /** Tokens in the order in which the protected thing took writes. */
  readonly taken: readonly number[];
  readonly refused: number;
  readonly events: readonly LockEvent[];
  readonly isOver: boolean;
};

/** @param isFenced whether the protected thing checks the token. */
async function runSchedule(seed: number, isFenced: boolean): Promise<Schedule> {
  const rng = seededRng(seed);
  const time = scheduler(start, STEPS_MAX);
  const swarm = faultSwarm(rng.fork("faults"), { seed }, REMOTE_FAULTS);
  const network = remote({ scheduler: time, swarm, rng: rng.fork("way"), onTrouble: () => {} });
  const grants: number[] = [];
  const taken: number[] = [];
  const events: LockEvent[] = [];
  const store = recorded(memoryLockStore(), grants);
  let refused = 0;
  let working = HOLDERS;

  const write = (token: number) => async (): Promise<void> => {
    if (isFenced && !takesToken(taken.at(-1), token)) refused += 1;
    else taken.push(token);
  };

  for (let index = 0; index < HOLDERS; index += 1) {
    const process = simulatedProcess(time, `holder-${index}`);
    process.skew(rng.int(2 * SKEW_MS_MAX) - SKEW_MS_MAX);
    process.onDeath(() => (working -= 1));
    const draws = rng.fork(process.name);
    const lock = lockOf({ process, network, store, draws, events });
    const work = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await quietly(
          lock.holding(
            "thing",
            async ({ token, signal }) => {
              for (let writes = 0; writes < 3 && !signal.aborted; writes += 1) {
                await network.call(process, toThing, write(token));
                await process.clock.sleep(seconds(draws.int(5)));
              }
            },
            seconds(60),
          ),
        );
      }
      working -= 1;
    };
    void work();
  }

  time.after(120_000, () => swarm.heal());
  await new Promise((resolve) => setImmediate(resolve));
  const end = await time.run(() => working === 0, start + 3_600_000);
  return { grants, taken, refused, events, isOver: end === "over" };
}

const toThing = { port: "thing.write", subject: "thing", kind: "write" } as const;

type LockPlace = {
  readonly process: SimulatedProcess;
  readonly network: Remote;
  readonly store: LockStore;
  readonly draws: Rng;
  readonly events: LockEvent[];
};

function lockOf({ process, network, store, draws, events }: LockPlace) {
  const target = (method: keyof LockStore, kind: "read" | "write") => ({
    port: `locks.${method}`,
    subject: "thing",
    kind,
  });
  const overNetwork: LockStore = {
    acquire: (...all) =>
      network.call(process, target("acquire", "write"), () => store.acquire(...all)),
    extend: (...all) =>
      network.call(process, target("extend", "write"), () => store.extend(...all)),
    release: (...all) =>
      network.call(process, target("release", "write"), () => store.release(...all)),
    find: (...all) => network.call(process, target("find", "read"), () => store.find(...all)),
  };
  let owners = 0;
  return distributedLock({
    store: overNetwork,
    clock: process.clock,
    newId: () => `${process.name}-${(owners += 1)}`,
    random: () => draws.next(),
    settings,
    observe: (event) => events.push(event),
  });
}

/** Remembers every token that was granted for the first time. */
function recorded(store: LockStore, grants: number[]): LockStore {
  return {
    ...store,
    async acquire(...all): Promise<AcquireAnswer> {
      const answer = await store.acquire(...all);
      if (answer.kind === "granted" && answer.lease.token !== grants.at(-1)) {
        grants.push(answer.lease.token);
      }
      return answer;
    },
  };
}

async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isFailure(error)) throw error;
  });
}

async function schedules(isFenced: boolean): Promise<readonly Schedule[]> {
  const all: Schedule[] = [];
  for (let seed = 1; seed <= SEEDS; seed += 1) all.push(await runSchedule(seed, isFenced));
  return all;
}

const isGrowing = (tokens: readonly number[], by: (a: number, b: number) => boolean): boolean =>
  tokens.every((token, index) => index === 0 || by(tokens[index - 1] ?? 0, token));

test("under every schedule tokens grow by one, and no late holder is taken", async () => {
  const all = await schedules(true);

  const wrong = all.flatMap(({ grants, taken, isOver }, index) => {
    const isRight =
      isOver &&
      isGrowing([0, ...grants], (a, b) => b === a + 1) &&
      isGrowing(taken, (a, b) => b >= a);
    return isRight ? [] : [`seed ${index + 1}`];
  });
  const kinds = new Set(all.flatMap(({ events }) => events.map(({ kind }) => kind)));
  const refused = all.reduce((sum, schedule) => sum + schedule.refused, 0);

  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(20);
  expect([...kinds].toSorted()).toEqual([
    "acquired",
    "extend-failed",
    "lost",
    "not-acquired",
    "release-failed",
  ]);
});

test("a lock alone is not safe: without the token a late holder writes last", async () => {
  const all = await schedules(false);

  const unsafe = all.filter(({ taken }) => !isGrowing(taken, (a, b) => b >= a));

  expect(unsafe.length).toBeGreaterThan(10);
});
