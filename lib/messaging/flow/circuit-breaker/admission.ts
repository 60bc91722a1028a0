/**
 * Whether a call may be made: all of them while the circuit is closed, one in each interval while
 * it is not.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type DurationMs, isoInstant } from "#kernel/units";
import { probing, type TrippedState } from "./breaker-state.ts";
import type { SharedState } from "./shared-state.ts";

/** What a call is: `outage` is what it probes; undefined for an ordinary one. */
export type Admission = { readonly outage: TrippedState | undefined };

export type AdmissionOptions = {
  readonly name: string;
  readonly shared: SharedState;
  readonly clock: Clock;
  readonly interval: DurationMs;
  readonly onRefused: () => void;
};

/** The answer throws Failure `circuit-open` (retry) when the call may not be made. */
export function admission(options: AdmissionOptions): () => Promise<Admission> {
  const { name, shared, clock, interval, onRefused } = options;
  let isClaiming = false;

  const refusal = ({ probeAt }: TrippedState): Failure => {
    onRefused();
    const when = isoInstant(probeAt);
    return new Failure("circuit-open", "retry", `${name} fails; it is tried again at ${when}.`);
  };

  return async () => {
    const state = await shared.current();
    if (state.status === "closed") return { outage: undefined };
    if (isClaiming || clock.now() < state.probeAt) throw refusal(state);
    isClaiming = true;
    const outage = probing(state, clock.now(), interval);
    const isOurs = await shared.move(outage).finally(() => {
      isClaiming = false;
    });
    if (isOurs) return { outage };
    const current = shared.known();
    if (current.status === "closed") return { outage: undefined };
    throw refusal(current);
  };
}
