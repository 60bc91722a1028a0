// Compensation before, after, and while its action runs; two attempts at once; a process that ends
// at any call; a request that lands when its sender is long dead. In every order there is.
import { expect, test } from "vitest";
import type { CompensatedRuns, RunOutcome, Step } from "#messaging/flow/index";
import {
  chargeStep,
  compensationWorld,
  type CompensationWorld,
  type Input,
  refusedStep,
  reserveStep,
} from "../../../support/compensation-world.ts";
import { type Actor, type Choose, everySchedule, stage } from "../../../support/every-schedule.ts";

const input: Input = { sku: "a" };
/** Calls of a run that somebody resumes until it has ended. */
const RESUMPTIONS_MAX = 8;
const SCHEDULES_MAX = 100_000;

type Runs = CompensatedRuns<Input>;
type StepsOf = (world: CompensationWorld, actor: Actor, ghosts: Ghosts) => readonly Step<Input>[];

/** Requests that may arrive after their sender has ended. */
type Ghosts = {
  /** Until the time that the run was told. */
  readonly charges: (() => Promise<void>)[];
  /** At any time: what they reach has tombstones. */
  readonly reservations: (() => Promise<void>)[];
};

type Scenario = {
  readonly steps: StepsOf;
  readonly actors: readonly ((runs: Runs) => Promise<unknown>)[];
  /** What is done about the run when all of them have ended, again and again. */
  readonly resume: (runs: Runs) => Promise<RunOutcome>;
  readonly killsMax: number;
  readonly end: (world: CompensationWorld, outcome: RunOutcome) => void;
};

const run = (runs: Runs) => runs.run("r", input);
const undo = (runs: Runs) => runs.undo("r", "asked for");

/**
 * The charge is on its way for a turn: if its sender ends meanwhile, it may still arrive until the
 * time that the run was told.
 */
const overTheWire = ({ money }: CompensationWorld, actor: Actor, ghosts: Ghosts) => ({
  async charge(key: string): Promise<void> {
    const request = () => money.charge(key);
    ghosts.charges.push(request);
    await actor.turn();
    ghosts.charges.splice(ghosts.charges.indexOf(request), 1);
    await request();
    await actor.turn();
  },
  refund: (key: string) => actor.wrap(money).refund(key),
});

const toTheStock = ({ things }: CompensationWorld, actor: Actor, ghosts: Ghosts) => {
  const wrapped = actor.wrap(things);
  return {
    reserve(key: string): Promise<void> {
      ghosts.reservations.push(() => things.reserve(key));
      return wrapped.reserve(key);
    },
    release: (key: string) => wrapped.release(key),
  };
};

const bothSteps: StepsOf = (world, actor, ghosts) => [
  chargeStep(overTheWire(world, actor, ghosts)),
  reserveStep(toTheStock(world, actor, ghosts)),
];

const onlyCharge: StepsOf = (world, actor, ghosts) => [
  chargeStep(overTheWire(world, actor, ghosts)),
];

const onlyReserve: StepsOf = (world, actor, ghosts) => [
  reserveStep(toTheStock(world, actor, ghosts)),
];

const thenRefused =
  (steps: StepsOf): StepsOf =>
  (world, actor, ghosts) => [...steps(world, actor, ghosts), refusedStep];

const atRest: Actor = { wrap: (port) => port, turn: () => Promise.resolve() };

async function play(choose: Choose, scenario: Scenario): Promise<void> {
  const world = compensationWorld();
  const ghosts: Ghosts = { charges: [], reservations: [] };
  const scene = stage(choose, scenario.killsMax);
  for (const act of scenario.actors) {
    scene.enter((actor) =>
      act(world.runs(scenario.steps(world, actor, ghosts), { store: actor.wrap(world.store) })),
    );
  }
  await scene.play();
  const outcome = await resumed(choose, world, ghosts, scenario);
  for (const request of ghosts.reservations) await request().catch(() => undefined);
  scenario.end(world, outcome);
}

async function resumed(
  choose: Choose,
  world: CompensationWorld,
  ghosts: Ghosts,
  { steps, resume }: Scenario,
): Promise<RunOutcome> {
  const runs = world.runs(steps(world, atRest, { charges: [], reservations: [] }));
  for (let count = 0; count < RESUMPTIONS_MAX; count += 1) {
    const outcome = await resume(runs);
    if (outcome.kind !== "pending") return outcome;
    // What was on its way lands while one waits, or never.
    for (const request of ghosts.charges.splice(0)) if (choose(2) === 1) await request();
    world.pass(outcome.until - world.clock.now());
  }
  throw new Error("the run does not end");
}

const nothing = ({ money, things }: CompensationWorld, outcome: RunOutcome): void => {
  expect(outcome.kind).toBe("undone");
  expect({ charged: money.charged(), reserved: things.reserved() }).toEqual({
    charged: 0,
    reserved: 0,
  });
  expect(money.moved()).toBeLessThanOrEqual(1);
};

const everything =
  (expected: { readonly charged: number; readonly reserved: number }) =>
  ({ money, things }: CompensationWorld, outcome: RunOutcome): void => {
    expect(outcome.kind).toBe("completed");
    expect({ charged: money.charged(), reserved: things.reserved() }).toEqual(expected);
    expect(money.moved()).toBe(expected.charged);
  };

const SCENARIOS: Readonly<Record<string, Scenario & { readonly schedulesMin: number }>> = {
  "a run and its undo, one of them killed anywhere": {
    steps: bothSteps,
    actors: [run, undo],
    resume: undo,
    killsMax: 1,
    end: nothing,
    schedulesMin: 1_000,
  },
  "a charge and its undo, both killed anywhere": {
    steps: onlyCharge,
    actors: [run, undo],
    resume: undo,
    killsMax: 2,
    end: nothing,
    schedulesMin: 500,
  },
  "a reservation, its twin and its undo": {
    steps: onlyReserve,
    actors: [run, run, undo],
    resume: undo,
    killsMax: 0,
    end: nothing,
    schedulesMin: 500,
  },
  "a reservation and two undos": {
    steps: onlyReserve,
    actors: [run, undo, undo],
    resume: undo,
    killsMax: 0,
    end: nothing,
    schedulesMin: 500,
  },
  "a run and its twin": {
    steps: bothSteps,
    actors: [run, run],
    resume: run,
    killsMax: 0,
    end: everything({ charged: 1, reserved: 1 }),
    schedulesMin: 500,
  },
  "a charge and its twin, one of them killed anywhere": {
    steps: onlyCharge,
    actors: [run, run],
    resume: run,
    killsMax: 1,
    end: everything({ charged: 1, reserved: 0 }),
    schedulesMin: 1_000,
  },
  "a run that is refused, killed anywhere": {
    steps: thenRefused(bothSteps),
    actors: [run],
    resume: run,
    killsMax: 1,
    end: nothing,
    schedulesMin: 20,
  },
  "a reservation that is refused, and its twin, one of them killed anywhere": {
    steps: thenRefused(onlyReserve),
    actors: [run, run],
    resume: run,
    killsMax: 1,
    end: nothing,
    schedulesMin: 1_000,
  },
};

test.for(Object.entries(SCENARIOS))(
  "%s: the same end in every schedule",
  { timeout: 60_000 },
  async ([, scenario]) => {
    const schedules = await everySchedule((choose) => play(choose, scenario), SCHEDULES_MAX);

    expect(schedules).toBeGreaterThan(scenario.schedulesMin);
  },
);

test("an undo that does not wait for what may still land is found", async () => {
  const hasty: StepsOf = (world, actor, ghosts) => [
    { ...chargeStep(overTheWire(world, actor, ghosts)), landsWithinMs: 0 },
  ];
  const scenario: Scenario = {
    steps: hasty,
    actors: [run, undo],
    resume: undo,
    killsMax: 1,
    end: nothing,
  };

  const all = everySchedule((choose) => play(choose, scenario), SCHEDULES_MAX);

  await expect(all).rejects.toThrow(/^schedule \d+, choices/);
});
