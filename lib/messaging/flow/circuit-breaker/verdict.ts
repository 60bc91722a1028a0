/**
 * What the outcome of a call says about its dependency: enough failures open the circuit, a probe
 * that succeeds closes it.
 */
import type { Clock } from "#kernel/clock";
import type { DurationMs } from "#kernel/units";
import type { Admission } from "./admission.ts";
import {
  closed,
  reopened,
  sameOutage,
  sameProbe,
  tripped,
  type TrippedState,
} from "./breaker-state.ts";
import { failuresIn, noOutcomes, type OutcomeWindow, withOutcome } from "./outcome-window.ts";
import type { SharedState } from "./shared-state.ts";

export type VerdictOptions = {
  readonly shared: SharedState;
  readonly clock: Clock;
  readonly interval: DurationMs;
  readonly callsMax: number;
  readonly failuresMax: number;
};

export type Verdicts = {
  /** Never fails. */
  tell(admission: Admission, hasFailed: boolean): Promise<void>;
  /** Of the calls that are remembered. */
  failures(): number;
  forget(): void;
};

/** Of closing over later probes of the same outage. */
const CLOSE_TRIES_MAX = 3;

export function verdicts(options: VerdictOptions): Verdicts {
  const { shared, clock, interval, callsMax, failuresMax } = options;
  let window: OutcomeWindow = noOutcomes;

  const counted = async (hasFailed: boolean): Promise<void> => {
    // It was begun before the circuit opened, and tells nothing new.
    if (shared.known().status !== "closed") return;
    window = withOutcome(window, hasFailed, callsMax);
    if (!hasFailed || failuresIn(window) < failuresMax) return;
    await shared.move(tripped(clock.now(), interval));
  };

  /** A probe that outlasts the interval is overtaken by the next; it is believed all the same. */
  const close = async (outage: TrippedState): Promise<void> => {
    for (let tries = 0; tries < CLOSE_TRIES_MAX; tries += 1) {
      if (!sameOutage(shared.known(), outage) || (await shared.move(closed))) return;
    }
  };

  return {
    async tell({ outage }, hasFailed) {
      if (outage === undefined) return counted(hasFailed);
      if (!hasFailed) return close(outage);
      if (!sameProbe(shared.known(), outage)) return;
      await shared.move(reopened(outage, clock.now(), interval));
    },
    failures: () => failuresIn(window),
    forget() {
      window = noOutcomes;
    },
  };
}
