/**
 * The two phases of a schedule: while the faults last, and from when they stop until everything has
 * drained and can be compared.
 */
import { controlEnvelope, encode, type Message } from "#messaging";
import type { ScheduleResult } from "../scenario.ts";
import { judgeEnd } from "./judge.ts";
import { bodyOf, sendings } from "./traffic.ts";
import { START, type World, worldOf, type WorldOptions } from "./world.ts";

const FAULTS_MS_MIN = 20_000;
const FAULTS_MS_MORE = 40_000;
const MEDDLE_EVERY_MS = 2_000;
const SWEEP_EVERY_MS = 10_000;
const RESOLVE_EVERY_MS = 15_000;
/** Longer than any call that is under way when the faults stop. */
const SETTLE_MS = 70_000;
const DRAIN_MS_MAX = 1_200_000;

export async function runSchedule<Outside>(
  options: WorldOptions<Outside>,
): Promise<ScheduleResult> {
  const world = worldOf(options);
  const { scheduler, swarm, judge, rng, notes } = world;
  for (const { message, atMs } of sendings(world.messages, swarm, rng.fork("traffic"))) {
    scheduler.at(START + atMs, () => send(world, message));
  }
  repeatedly(world, SWEEP_EVERY_MS, () => void world.sweep());
  const until = START + FAULTS_MS_MIN + rng.int(FAULTS_MS_MORE);
  repeatedly(world, MEDDLE_EVERY_MS, () => {
    if (!swarm.fires("redrive")) return;
    swarm.happened("redrive");
    world.pipes.redrive();
  });
  await scheduler.run(() => isBroken(world), until);
  if (!isBroken(world)) await drain(world);
  const breach = judge.breach();
  return {
    seed: options.schedule.seed,
    faults: swarm.faults,
    steps: scheduler.steps(),
    virtualMs: scheduler.now() - START,
    applied: judge.applied(),
    decisions: swarm.decisions(),
    fired: swarm.fired(),
    branches: {},
    ...(breach === undefined ? {} : { breach }),
    trace: breach === undefined ? [] : notes.map(lineOf),
  };
}

async function drain(world: World): Promise<void> {
  const { scheduler, swarm, judge, reference } = world;
  swarm.heal();
  world.notes.push([scheduler.now(), "healed", ""]);
  const healedAt = scheduler.now();
  const resolve = (): void => {
    world.pipes.redrive();
    for (const message of world.messages) if (isMissing(world, message)) send(world, message);
    retryHalted(world);
  };
  resolve();
  repeatedly(world, RESOLVE_EVERY_MS, resolve);
  const isDone = (): boolean => scheduler.now() > healedAt + SETTLE_MS && isSettled(world);
  const end = await scheduler.run(() => isBroken(world) || isDone(), healedAt + DRAIN_MS_MAX);
  if (end === "steps-used-up") judge.rule("drains", "still busy after 100,000 steps");
  if (!isBroken(world)) judgeEnd(judge, reference, world.end());
}

function repeatedly({ scheduler }: World, everyMs: number, act: () => void): void {
  const again = (): void => {
    act();
    scheduler.after(everyMs, again);
  };
  scheduler.after(everyMs, again);
}

const isBroken = ({ judge }: World): boolean => judge.breach() !== undefined;

/** Each time with a fresh id: what SQS drops by itself proves nothing. */
function send({ pipes, newId }: World, message: Message): void {
  const deduplicationId = `${message.id}#${newId()}`;
  pipes.send({ group: message.stream, body: bodyOf(message), deduplicationId });
}

/** Neither applied nor parked. */
function isMissing({ judge }: World, { stream, sequence }: Message): boolean {
  const { last = 0, parked = [] } = judge.headOf(stream) ?? {};
  return sequence > last && !parked.some((one) => one.sequence === sequence);
}

/** Faults used up the attempts at a message that nothing is wrong with: its operator sees to it. */
function retryHalted({ judge, reference, newId, pipes }: World): void {
  for (const [stream, { halt: expected }] of reference.streams) {
    const { status, halt } = judge.headOf(stream) ?? {};
    if (status !== "halted" || halt === undefined || halt.sequence === expected?.sequence) continue;
    const id = newId();
    const decision = { kind: "retry", id, stream, sequence: halt.sequence } as const;
    const control = { ...decision, author: "operator", reason: "the faults are over" };
    const body = encode(controlEnvelope(control, "urn:inorder:simulation"));
    pipes.send({ group: stream, body, deduplicationId: id });
  }
}

function isSettled({ reference, judge, pipes }: World): boolean {
  const isRight = ([stream, { halt, messages }]: (typeof streams)[number]): boolean => {
    const { last = 0, parked = [], status = "running" } = judge.headOf(stream) ?? {};
    if (last + parked.length !== messages.length) return false;
    return halt === undefined ? status === "running" && parked.length === 0 : status === "halted";
  };
  const streams = [...reference.streams];
  return pipes.isEmpty() && streams.every(isRight);
}

const lineOf = ([at, what, about]: World["notes"][number]): string => {
  const told = typeof about === "string" ? about : JSON.stringify(about, errorsToo);
  return `${String(at - START).padStart(7)} ${what} ${told}`;
};

const errorsToo = (_key: string, value: unknown): unknown =>
  value instanceof Error ? value.message : value;
