/**
 * A sandbox that works under a lock: it shows its token, reads what is protected, and writes it
 * again and again, as long as it believes that it holds the lock; a careless one goes on.
 */
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import { milliseconds } from "#kernel/units";
import type { Rng } from "#kernel/rng";
import {
  distributedLock,
  type HeldLock,
  type LockEvent,
  type LockSettings,
  type LockStore,
} from "#messaging/flow/index";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { CallTarget, Remote } from "#simulation/remote";
import type { IdempotencyPlant } from "./plant.ts";
import type { Guard, Protected } from "./protected.ts";

export const HOLDER_FAULTS = {
  "slow-holder": [0.05, 0.4],
  "careless-holder": [0.2, 1],
} as const satisfies FaultRates;

/** Something to be done under a lock. */
export type Job = {
  readonly lock: string;
  /** Since the start. */
  readonly atMs: number;
  readonly waitMs: number;
  readonly writes: number;
  /** Before each write. */
  readonly workMs: number;
};

export type JobAnswer =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: string };

export type HolderPlace = {
  readonly settings: Partial<LockSettings>;
  readonly guard: Guard;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly remote: Remote;
  /** At the store's side of the network. */
  readonly locks: LockStore;
  readonly things: Protected;
  readonly newId: () => string;
  readonly observe: (event: LockEvent) => void;
  readonly plant: IdempotencyPlant;
};

/** Longer than any lease without a heartbeat. */
const SLOW_MS_MAX = 4_000;

/** A cold start. @param clock the sandbox's own. */
export function startHolder(
  process: SimulatedProcess,
  clock: Clock,
  place: HolderPlace,
): (invocation: Invocation<Job>) => Promise<JobAnswer> {
  const { settings, rng, newId, observe } = place;
  const lock = distributedLock({
    store: farLocks(process, place),
    clock,
    newId,
    random: () => rng.next(),
    settings,
    observe,
  });
  return async ({ batch: job }) => {
    try {
      const work = (held: HeldLock) => worked(job, held, { process, clock, place });
      await lock.holding(job.lock, work, milliseconds(job.waitMs));
      return { kind: "done" };
    } catch (error) {
      if (!isFailure(error)) throw error;
      return { kind: "failed", code: error.code };
    }
  };
}

type Sandbox = {
  readonly process: SimulatedProcess;
  readonly clock: Clock;
  readonly place: HolderPlace;
};

/** What is unknown is not written again: the next holder reads what became of it. */
async function worked(job: Job, { token, signal }: HeldLock, sandbox: Sandbox): Promise<void> {
  const { process, clock, place } = sandbox;
  const { remote, things, swarm, rng } = place;
  const call = <Answer>(name: string, kind: CallTarget["kind"], act: () => Promise<Answer>) =>
    remote.call(process, { port: `thing.${name}`, subject: job.lock, kind }, act);
  const writing = place.guard === "held" ? "transaction" : "write";
  const occasion = (fault: keyof typeof HOLDER_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  const mayWrite = (): boolean => !signal.aborted || occasion("careless-holder");

  const mark = () => call("mark", "write", () => things.mark(job.lock, token));
  const isTokenFirst = place.guard === "seen" && place.plant.showsTokenFirst !== false;
  if (isTokenFirst && !(await mark())) throw tooLate;
  let base = await call("read", "read", () => things.read(job.lock));
  for (let written = 0; written < job.writes; written += 1) {
    const slowMs = occasion("slow-holder") ? rng.int(SLOW_MS_MAX) : 0;
    await clock.sleep(milliseconds(job.workMs + slowMs));
    if (!mayWrite()) throw tooLate;
    const from = base;
    if (!(await call("write", writing, () => things.write(job.lock, token, from)))) throw tooLate;
    base += 1;
  }
}

const farLocks = (
  process: SimulatedProcess,
  { remote, locks }: Pick<HolderPlace, "remote" | "locks">,
): LockStore => {
  const call = <Answer>(
    name: string,
    subject: string,
    kind: "read" | "write",
    act: () => Promise<Answer>,
  ) => remote.call(process, { port: `locks.${name}`, subject, kind }, act);
  return {
    acquire: (name, owner, now, lasting) =>
      call("acquire", name, "write", () => locks.acquire(name, owner, now, lasting)),
    extend: (lease, now, lasting) =>
      call("extend", lease.name, "write", () => locks.extend(lease, now, lasting)),
    release: (lease) => call("release", lease.name, "write", () => locks.release(lease)),
    find: (name) => call("find", name, "read", () => locks.find(name)),
  };
};

/** Made once: a stack trace costs more than all the rest of a call. */
const tooLate = new Failure("lock-lost", "retry", "another has the lock");
