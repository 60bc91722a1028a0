/**
 * Stops calling a dependency that fails, for all sandboxes at once, and finds out by single calls
 * when it works again. Outcomes are counted in each sandbox; the state is shared.
 */
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import type { NewId } from "#kernel/ids";
import { milliseconds } from "#kernel/units";
import { flowSettings } from "../flow-settings.ts";
import type { RecordStore } from "../record/record-store.ts";
import { admission } from "./admission.ts";
import type { BreakerState } from "./breaker-state.ts";
import { sharedState } from "./shared-state.ts";
import { verdicts } from "./verdict.ts";

export type CircuitBreakerSettings = {
  /** Outcomes that a sandbox looks back on. Default 20. */
  readonly callsMax: number;
  /** Failed ones among them that open the circuit. Default 10. */
  readonly failuresMax: number;
  /** While open, one call of all sandboxes is let through so often. Default 5,000. */
  readonly probeIntervalMs: number;
  /**
   * How long a sandbox believes what it read: one read so often, none between, and so long until it
   * learns what others found out. Default 2,000.
   */
  readonly stateCachedMs: number;
};

/** `kind`, `from` and `to` are bounded, so they may be dimensions of a metric, as may the name. */
export type CircuitBreakerEvent =
  /** Made here or learnt from another sandbox. `failures` are this sandbox's own, of its window. */
  | {
      readonly kind: "changed";
      readonly name: string;
      readonly from: BreakerState["status"];
      readonly to: BreakerState["status"];
      readonly failures: number;
    }
  /** A call was not made. */
  | { readonly kind: "refused"; readonly name: string }
  /** This sandbox goes on by what it knows itself. */
  | { readonly kind: "store-unreachable"; readonly name: string; readonly error: unknown };

export type CircuitBreakerOptions = {
  /** Of the dependency: what all who call it share. */
  readonly name: string;
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly settings?: Partial<CircuitBreakerSettings>;
  /**
   * Whether an error speaks against the dependency. Default: every error but a `Failure` that lies
   * with the request (`reject`, `halt`).
   */
  readonly isTrouble?: (error: unknown) => boolean;
  readonly observe?: (event: CircuitBreakerEvent) => void;
};

export type CircuitBreaker = {
  /**
   * Answers what `work` answers. Closed and known so: no request. Open: `work` is not begun.
   *
   * @throws whatever `work` throws; Failure `circuit-open` (retry).
   */
  call<Answer>(work: () => Promise<Answer>): Promise<Answer>;
};

/**
 * While the store cannot be reached each sandbox is a breaker of its own: it opens by its own
 * outcomes and probes by itself, and nothing is refused for the store's sake. Intervals are each
 * sandbox's own clock's: with clocks s apart a probe may come s early.
 *
 * @throws Failure `misconfigured` for a setting that is out of its range.
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  const { name, store, clock, newId, isTrouble = liesWithDependency, observe } = options;
  const { callsMax, failuresMax, ...times } = checked(options.settings ?? {});
  const interval = milliseconds(times.probeIntervalMs);

  const shared = sharedState({
    name,
    store,
    clock,
    newId,
    cachedFor: milliseconds(times.stateCachedMs),
    onUnreachable: (error) => observe?.({ kind: "store-unreachable", name, error }),
    onChange(from, to) {
      const failures = outcomes.failures();
      observe?.({ kind: "changed", name, from: from.status, to: to.status, failures });
      if (to.status === "closed") outcomes.forget();
    },
  });
  const outcomes = verdicts({ shared, clock, interval, callsMax, failuresMax });
  const onRefused = (): void => observe?.({ kind: "refused", name });
  const admit = admission({ name, shared, clock, interval, onRefused });

  return {
    async call(work) {
      const admitted = await admit();
      let answer: Awaited<ReturnType<typeof work>>;
      try {
        answer = await work();
      } catch (error) {
        await outcomes.tell(admitted, isTrouble(error));
        throw error;
      }
      await outcomes.tell(admitted, false);
      return answer;
    },
  };
}

const liesWithDependency = (error: unknown): boolean =>
  !isFailure(error) || error.action === "retry";

function checked(given: Partial<CircuitBreakerSettings>): CircuitBreakerSettings {
  const settings = flowSettings("a circuit breaker", given, DEFAULTS, {
    callsMax: [1, 1_000],
    failuresMax: [1, 1_000],
    probeIntervalMs: [1, 3_600_000],
    stateCachedMs: [0, 3_600_000],
  });
  if (settings.failuresMax <= settings.callsMax) return settings;
  const received = `${settings.failuresMax} of ${settings.callsMax}`;
  const message = `failuresMax must be at most callsMax; received ${received}.`;
  throw new Failure("misconfigured", "reject", `Settings of a circuit breaker: ${message}`);
}

const DEFAULTS: CircuitBreakerSettings = {
  callsMax: 20,
  failuresMax: 10,
  probeIntervalMs: 5_000,
  stateCachedMs: 2_000,
};
