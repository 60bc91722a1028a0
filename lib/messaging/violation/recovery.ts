/**
 * What is done about each kind of violation: configuration, not code.
 */
import { Failure } from "#kernel/failure";
import type { DurationMs } from "#kernel/units";
import { SEVERITIES, type Severity, type ViolationKind } from "./violation.ts";

/** For a message that is still missing when its gap's deadline has passed. */
export type GapRecovery =
  /** Waits again, `triesMax` times; then the stream halts. */
  | {
      readonly kind: "wait-and-retry";
      readonly deadlineMs: DurationMs;
      readonly triesMax: number;
    }
  /** Asks the producer's store for exactly the missing range, `triesMax` times; then it halts. */
  | {
      readonly kind: "request-redelivery";
      readonly deadlineMs: DurationMs;
      readonly triesMax: number;
    }
  /** Leaves the missing ones out; one that comes after all is late, and filed as such. */
  | { readonly kind: "skip-and-continue" }
  /** Parks everything until the missing one comes; nobody has to decide. */
  | { readonly kind: "failsafe" }
  /** Halts at once; an operator decides. */
  | { readonly kind: "strict-halt" };

/** For a message that breaks the order, which itself goes to the dead letters with its cause. */
export type RefusalRecovery =
  | { readonly kind: "skip-and-continue" }
  /** The stream halts as well; an operator decides. */
  | { readonly kind: "strict-halt" };

/** `skip-and-continue` applies the message; `strict-halt` halts before it. */
export type AnomalyRecovery = RefusalRecovery;

type Policy<Recovery> = { readonly severity: Severity; readonly recovery: Recovery };

export type RecoveryPolicies = {
  readonly gap: Policy<GapRecovery>;
  readonly "sequence-conflict": Policy<RefusalRecovery>;
  readonly "partition-mismatch": Policy<RefusalRecovery>;
  readonly unknown: Policy<RefusalRecovery>;
  readonly "timestamp-anomaly": Policy<AnomalyRecovery>;
  /** Late arrivals of what was left out are filed and acknowledged; there is nothing to choose. */
  readonly "out-of-order": { readonly severity: Severity };
};

const goOn = { kind: "skip-and-continue" } as const;

export const RECOVERY_DEFAULTS: RecoveryPolicies = {
  gap: {
    severity: "critical",
    recovery: { kind: "wait-and-retry", deadlineMs: 300_000 as DurationMs, triesMax: 2 },
  },
  "sequence-conflict": { severity: "critical", recovery: goOn },
  "partition-mismatch": { severity: "critical", recovery: goOn },
  unknown: { severity: "critical", recovery: goOn },
  "timestamp-anomaly": { severity: "warning", recovery: goOn },
  "out-of-order": { severity: "warning" },
};

const TRIES_MAX = 100;
const DEADLINE_MS_MAX = 86_400_000;

/**
 * @param canRedeliver whether a way to the producer's store is configured.
 * @throws Failure `misconfigured` when a bound is out of its range, or when redelivery is to be
 * requested of a producer without a store.
 */
export function recoveryPolicies(
  given: Partial<RecoveryPolicies> = {},
  canRedeliver = false,
): RecoveryPolicies {
  const policies = { ...RECOVERY_DEFAULTS, ...given };
  for (const [kind, policy] of Object.entries(policies)) checkPolicy(kind, policy);
  const { recovery } = policies.gap;
  if (recovery.kind === "request-redelivery" && !canRedeliver) {
    const remedy = "Give the consumer `redelivery`, or choose another recovery";
    throw misconfigured(`a gap is to be redelivered, but no producer's store answers. ${remedy}`);
  }
  if ("triesMax" in recovery) {
    within("triesMax", recovery.triesMax, TRIES_MAX);
    within("deadlineMs", recovery.deadlineMs, DEADLINE_MS_MAX);
  }
  return policies;
}

const REFUSALS: readonly string[] = ["skip-and-continue", "strict-halt"];
const GAPS: readonly string[] = [...REFUSALS, "wait-and-retry", "request-redelivery", "failsafe"];

function checkPolicy(
  kind: string,
  {
    severity,
    recovery,
  }: { readonly severity: string; readonly recovery?: { readonly kind: string } },
): void {
  if (!Object.hasOwn(RECOVERY_DEFAULTS, kind)) {
    const known = Object.keys(RECOVERY_DEFAULTS).join(", ");
    throw misconfigured(`violations are ${known}; received ${JSON.stringify(kind)}`);
  }
  if (!SEVERITIES.some((one) => one === severity)) {
    const known = SEVERITIES.join(" or ");
    throw misconfigured(`the severity of ${kind} must be ${known}; received ${String(severity)}`);
  }
  const known = kind === "gap" ? GAPS : REFUSALS;
  if (kind === "out-of-order" || (recovery !== undefined && known.includes(recovery.kind))) return;
  const received = String(recovery?.kind);
  throw misconfigured(
    `the recovery of ${kind} must be one of ${known.join(", ")}; received ${received}`,
  );
}

function within(name: string, value: number, largest: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= largest) return;
  throw misconfigured(`${name} must be an integer from 1 to ${largest}; received ${value}`);
}

const misconfigured = (what: string): Failure =>
  new Failure("misconfigured", "reject", `Recovery of the consumer: ${what}.`);

/** What an operator can do about it, as the record of the violation says it. */
export const RECOMMENDED: Readonly<Record<ViolationKind, readonly string[]>> = {
  "sequence-conflict": [
    "find the second sender of this stream and stop it",
    "compare both messages; the dead letters have the refused one",
  ],
  "partition-mismatch": [
    "correct the sender's message group",
    "redrive the dead letter through the right group",
  ],
  gap: ["resend the missing range from the producer's store", "skip it if it is lost for good"],
  "out-of-order": ["apply by hand what it says, if it still matters"],
  unknown: ["find out who still sends to a closed stream"],
  "timestamp-anomaly": ["check the sender's clock"],
};
