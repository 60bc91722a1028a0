/**
 * A running copy of a program: it can be killed (then nothing reaches it any more) and frozen (then
 * everything reaches it late), and its clock may be wrong.
 */
import type { Clock } from "#kernel/clock";
import type { EpochMs } from "#kernel/units";
import type { Scheduler } from "./scheduler.ts";

export type SimulatedProcess = {
  readonly name: string;
  isDead(): boolean;
  kill(): void;
  /** Called once, when it is killed. */
  onDeath(act: () => void): void;
  /**
   * Nothing reaches it for so long. @param stopsClock whether its own clock stands still meanwhile,
   * as that of a suspended machine.
   */
  freeze(lastingMs: number, stopsClock: boolean): void;
  isFrozen(): boolean;
  /** Its clock jumps. */
  skew(byMs: number): void;
  /** Hands something to it: now, or when it thaws; never when it is dead. */
  deliver(act: () => void): void;
  /** As the process reads it. */
  readonly clock: Clock;
};

export function simulatedProcess(scheduler: Scheduler, name: string): SimulatedProcess {
  let isDead = false;
  let frozenUntil = 0;
  let skewMs = 0;
  const mourners: (() => void)[] = [];

  const deliver = (act: () => void): void => {
    if (isDead) return;
    if (frozenUntil > scheduler.now()) scheduler.at(frozenUntil, () => deliver(act));
    else act();
  };

  return {
    name,
    isDead: () => isDead,
    kill() {
      if (isDead) return;
      isDead = true;
      for (const act of mourners) act();
    },
    onDeath: (act) => mourners.push(act),
    freeze(lastingMs, stopsClock) {
      frozenUntil = Math.max(frozenUntil, scheduler.now() + lastingMs);
      if (stopsClock) skewMs -= lastingMs;
    },
    isFrozen: () => frozenUntil > scheduler.now(),
    skew(byMs) {
      skewMs += byMs;
    },
    deliver,
    clock: {
      now: () => (scheduler.now() + skewMs) as EpochMs,
      sleep: (lasting) =>
        new Promise((resolve) => scheduler.after(lasting, () => deliver(() => resolve()))),
    },
  };
}
