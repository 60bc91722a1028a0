/**
 * What goes wrong in a schedule that is written by hand, and nothing else: what otherwise is drawn
 * from a seed takes here the first that there is.
 */
import type { Rng } from "#kernel/rng";
import type { FaultSwarm } from "#simulation/faults";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";

/** The caller of the first call (of this port) stands still before it hears the answer. */
export type Freeze = { readonly port?: string; readonly lastingMs: number };

const LATENCY_MS = 2;

/** Takes always the first, so that batches are as the script sends them. */
export const first: Rng = { next: () => 0, int: () => 0, fork: () => first };

/** @param lostDeletes so many deletes from the queue are lost, from the first on. */
export function scripted(lostDeletes: number): FaultSwarm {
  let left = lostDeletes;
  return {
    faults: [],
    has: () => false,
    fires: (name) => name === "lost-delete" && left-- > 0,
    happened: () => undefined,
    heal: () => undefined,
    decisions: () => 0,
    fired: () => ({}),
  };
}

export function scriptedRemote(time: Scheduler, freezes: Freeze | undefined): Remote {
  let isOver = false;
  return {
    call: (caller, { port }, effect) =>
      new Promise((resolve, reject) => {
        time.after(LATENCY_MS, () => {
          if (freezes !== undefined && !isOver && port === (freezes.port ?? port)) {
            isOver = true;
            caller.freeze(freezes.lastingMs, false);
          }
          const answer = (act: () => void): void =>
            time.after(LATENCY_MS, () => caller.deliver(act));
          effect().then(
            (found) => answer(() => resolve(found)),
            (error: unknown) => answer(() => reject(error)),
          );
        });
      }),
  };
}
