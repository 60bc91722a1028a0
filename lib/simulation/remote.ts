/**
 * The way between a process and what it calls: every call takes time, may be refused, may lose its
 * answer, may land long after its caller gave up, and its caller may be killed before it, after its
 * effect, or after its answer.
 */
import { Failure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import type { FaultRates, FaultSwarm } from "./faults.ts";
import type { SimulatedProcess } from "./process.ts";
import type { Scheduler } from "./scheduler.ts";

/** What is called. */
export type CallTarget = {
  /** Port and method, for the trace. */
  readonly port: string;
  /** What the call is about; faults of one subject are no excuse for another. */
  readonly subject: string;
  readonly kind: "read" | "write" | "transaction";
};

export type KillMoment = "before" | "after-effect" | "after-answer";

export type RemoteOptions = {
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  /** Whether the caller dies here. Default: as the swarm says. */
  readonly kills?: (target: CallTarget, moment: KillMoment) => boolean;
  /** Told of everything that goes wrong for a caller. */
  readonly onTrouble: (caller: SimulatedProcess, target: CallTarget, fault: string) => void;
};

export type Remote = {
  /** `effect` runs where the call arrives. What the caller is told comes later, or never. */
  call<Answer>(
    caller: SimulatedProcess,
    target: CallTarget,
    effect: () => Promise<Answer>,
  ): Promise<Answer>;
};

export const REMOTE_FAULTS = {
  kill: [0.001, 0.03],
  pause: [0.001, 0.02],
  "throttle-burst": [0.002, 0.04],
  "transaction-conflict": [0.01, 0.1],
  "lost-request": [0.002, 0.05],
  "lost-answer": [0.002, 0.06],
  "late-write": [0.002, 0.05],
  "slow-call": [0.005, 0.08],
} as const satisfies FaultRates;

/** For callers that something ends: what hangs is never heard of again. */
export const HANG_FAULTS = { "hanging-call": [0.0005, 0.01] } as const satisfies FaultRates;

type RemoteFault = keyof typeof REMOTE_FAULTS | keyof typeof HANG_FAULTS;

const LATENCY_MS_MAX = 8;
/** After so long a caller takes a call for lost. */
const CLIENT_TIMEOUT_MS = 500;
const SLOW_MS_MAX = 3_000;
const BURST_MS_MAX = 4_000;
/** Longer than any lease, timeout or visibility of the simulated system. */
const LATE_MS_MAX = 60_000;
const PAUSE_MS_MAX = 60_000;

type Way = {
  readonly fault?: RemoteFault;
  readonly there: number | "never";
  readonly back: number | "never";
  readonly failure?: Failure;
};

export function remote({ scheduler, swarm, rng, kills, onTrouble }: RemoteOptions): Remote {
  const wayOf = ways({ scheduler, swarm, rng });

  const diesAt = (target: CallTarget, moment: KillMoment): boolean => {
    if (kills !== undefined) return kills(target, moment);
    if (!swarm.fires("kill")) return false;
    swarm.happened("kill");
    return true;
  };

  return {
    call(caller, target, effect) {
      return new Promise((resolve, reject) => {
        if (caller.isDead()) return;
        const die = (fault: string): void => {
          onTrouble(caller, target, fault);
          caller.kill();
        };
        if (diesAt(target, "before")) return die("kill");
        const { fault, there, back, failure } = wayOf(target);
        if (fault !== undefined) {
          swarm.happened(fault);
          onTrouble(caller, target, fault);
        }
        const settle = (act: () => void): void => {
          if (swarm.fires("pause")) {
            swarm.happened("pause");
            onTrouble(caller, target, "pause");
            caller.freeze(rng.int(PAUSE_MS_MAX), rng.int(2) === 0);
          }
          caller.deliver(() => (diesAt(target, "after-answer") ? die("kill") : act()));
        };
        if (failure !== undefined && back !== "never") {
          scheduler.after(back, () => settle(() => reject(failure)));
        }
        if (there === "never") return;
        scheduler.after(there, () => {
          const landed = (act: () => void): void => {
            if (!caller.isDead() && diesAt(target, "after-effect")) die("kill");
            if (failure !== undefined || back === "never") return;
            scheduler.after(back - there, () => settle(act));
          };
          effect().then(
            (answer) => landed(() => resolve(answer)),
            (error: unknown) => landed(() => reject(error)),
          );
        });
      });
    },
  };
}

/** What becomes of a call: drawn when it begins. */
function ways({
  scheduler,
  swarm,
  rng,
}: Pick<RemoteOptions, "scheduler" | "swarm" | "rng">): (target: CallTarget) => Way {
  let throttledUntil = 0;
  const latency = (): number => 1 + rng.int(LATENCY_MS_MAX);

  return ({ kind }) => {
    const isWrite = kind !== "read";
    const lost = isWrite ? outcomeUnknown : unavailable;
    if (swarm.fires("throttle-burst")) throttledUntil = scheduler.now() + rng.int(BURST_MS_MAX);
    if (throttledUntil > scheduler.now() && rng.int(4) > 0) {
      return { fault: "throttle-burst", there: "never", back: latency(), failure: throttled };
    }
    if (kind === "transaction" && swarm.fires("transaction-conflict")) {
      const back = latency();
      return { fault: "transaction-conflict", there: "never", back, failure: conflicting };
    }
    if (swarm.fires("lost-request")) {
      return { fault: "lost-request", there: "never", back: CLIENT_TIMEOUT_MS, failure: lost };
    }
    if (swarm.fires("lost-answer")) {
      const back = CLIENT_TIMEOUT_MS;
      return { fault: "lost-answer", there: latency(), back, failure: lost };
    }
    if (isWrite && swarm.fires("late-write")) {
      const there = CLIENT_TIMEOUT_MS + rng.int(LATE_MS_MAX);
      return { fault: "late-write", there, back: CLIENT_TIMEOUT_MS, failure: lost };
    }
    if (swarm.fires("hanging-call")) {
      return {
        fault: "hanging-call",
        there: rng.int(2) === 0 ? "never" : latency(),
        back: "never",
      };
    }
    if (swarm.fires("slow-call")) {
      const there = rng.int(SLOW_MS_MAX);
      return { fault: "slow-call", there, back: there + latency() };
    }
    const there = latency();
    return { there, back: there + latency() };
  };
}

/** Made once: their stack traces say nothing, and cost more than all the rest of a call. */
const throttled = new Failure("store-throttled", "retry", "too many requests");
const conflicting = new Failure("store-throttled", "retry", "the transaction met another one");
const outcomeUnknown = new Failure("outcome-unknown", "retry", "the connection broke");
const unavailable = new Failure("store-unavailable", "retry", "no answer in time");
