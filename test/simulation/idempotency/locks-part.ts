/**
 * A schedule of locks: jobs, the sandboxes that do them, the locks, and what they protect.
 */
import { memoryLockStore } from "#adapters/memory/lock-store";
import type { Rng } from "#kernel/rng";
import { later } from "#kernel/units";
import type { LockEvent, LockSettings, LockStore } from "#messaging/flow/index";
import { callers } from "./callers.ts";
import type { Part } from "./effects-part.ts";
import { type Ground, hostOf, START } from "./ground.ts";
import { type Job, type JobAnswer, startHolder } from "./holders.ts";
import { LockJudge } from "./lock-judge.ts";
import { type Guard, protectedThings } from "./protected.ts";

export type LocksOptions = {
  /** Absent: drawn. */
  readonly jobs?: readonly Job[];
  readonly guard?: Guard;
};

const LOCKS = 3;
const JOBS_EACH = 8;
const ASKING_MS = 30_000;
const TWINS_APART_MS_MAX = 10;

export function locksPart(ground: Ground, given: LocksOptions): Part {
  const { rng, scheduler, journal, plant } = ground;
  const drawing = rng.fork("jobs");
  const jobs = given.jobs ?? drawJobs(drawing);
  const guard = given.guard ?? (drawing.int(2) === 0 ? "seen" : "held");
  const judge = new LockJudge({ judge: ground.judge, now: scheduler.now, guard });
  const right = memoryLockStore();
  const locks = judged(plant.lock?.(right) ?? right, judge);
  const things = protectedThings(
    guard,
    (name) => locks.find(name),
    plant,
    (write) => {
      journal.note("thing", `takes token ${write.token} of`, write.lock);
      judge.wrote(write);
    },
  );
  const place = {
    ...ground,
    settings: drawSettings(drawing),
    guard,
    rng: rng.fork("holders"),
    locks,
    things,
    observe: (event: LockEvent) => journal.reach(branchOf(event)),
  };
  const asking = callers<Job, JobAnswer>({
    scheduler,
    rng: rng.fork("callers"),
    host: hostOf(ground, (process, clock) => startHolder(process, clock, place)),
    isFinal: ({ kind }) => kind === "done",
    onEnd(job, end) {
      journal.reach(`invocation-${end.kind}`);
      if (end.kind === "answered") {
        journal.reach(end.answer.kind === "done" ? "job-done" : `job-${end.answer.code}`);
      }
      journal.note("caller", `of ${job.lock} hears`, end);
    },
  });
  journal.reach(`guard-${guard}`);
  return {
    begin() {
      for (const job of jobs) asking.askAt(START + job.atMs, job);
    },
    waiting: asking.waiting,
    applied: things.taken,
  };
}

const branchOf = (event: LockEvent): string =>
  event.kind === "lost" ? `lock-lost-${event.why}` : `lock-${event.kind}`;

function drawJobs(rng: Rng): readonly Job[] {
  return Array.from({ length: LOCKS * JOBS_EACH }, (_, index) => {
    const isTwin = rng.int(3) === 0;
    return {
      lock: `lock-${index % LOCKS}`,
      atMs: isTwin ? rng.int(TWINS_APART_MS_MAX) : rng.int(ASKING_MS),
      waitMs: rng.int(3) === 0 ? 0 : rng.int(5_000),
      writes: 1 + rng.int(3),
      workMs: rng.int(300),
    };
  });
}

const drawSettings = (rng: Rng): Partial<LockSettings> => ({
  leaseMs: 1_000 + rng.int(2_000),
  heartbeatMs: 300 + rng.int(200),
  heldMaxMs: rng.int(3) === 0 ? 1_500 : 900_000,
  longestPauseMs: 1_000,
});

/** Told of everything that the store grants, with the ends that a holder's clock gives it. */
const judged = (store: LockStore, judge: LockJudge): LockStore => ({
  async acquire(name, owner, now, lasting) {
    const answer = await store.acquire(name, owner, now, lasting);
    if (answer.kind === "granted") judge.granted(answer.lease, later(now, lasting));
    return answer;
  },
  async extend(lease, now, lasting) {
    const extended = await store.extend(lease, now, lasting);
    if (extended !== undefined) judge.extended(lease, later(now, lasting));
    return extended;
  },
  async release(lease) {
    const isReleased = await store.release(lease);
    if (isReleased) judge.released(lease);
    return isReleased;
  },
  find: (name) => store.find(name),
});
