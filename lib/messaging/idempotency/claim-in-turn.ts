/**
 * Gets a key for a run, or the answer that stands under it; waits for a twin where that is wanted.
 */
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import { type EpochMs, later } from "#kernel/units";
import type { IdempotencyMetrics } from "./idempotency-metrics.ts";
import type { ClaimAnswer, ClaimRequest, IdempotencyStore } from "./idempotency-store.ts";
import type { WhenInFlight } from "./idempotent-settings.ts";
import { judge } from "./judge.ts";

export type Turn = Extract<ClaimAnswer, { readonly kind: "claimed" | "completed" | "stale" }>;
export type Claimed = Extract<ClaimAnswer, { readonly kind: "claimed" }>;

export type TurnPorts = {
  readonly store: IdempotencyStore;
  readonly clock: Clock;
  readonly metrics: IdempotencyMetrics;
  readonly whenInFlight: WhenInFlight;
};

/**
 * @throws Failure `idempotency-key-reused` (reject), `outcome-pending` (retry), and as the store.
 */
export async function claimInTurn(ports: TurnPorts, request: ClaimRequest): Promise<Turn> {
  const { store, clock, metrics } = ports;
  let answer = await claimKnown(ports, request);
  if (answer.kind === "in-progress") {
    metrics.count("inProgress");
    const { whenInFlight } = ports;
    if (whenInFlight.kind === "refuse") throw pending(request, answer.leaseUntil);
    const until = later(clock.now(), whenInFlight.waitMsMax);
    while (answer.kind === "in-progress") {
      const left = until - clock.now();
      if (left <= 0) throw pending(request, answer.leaseUntil);
      await clock.sleep(Math.min(whenInFlight.pollMs, left) as typeof whenInFlight.pollMs);
      // A look costs less than a claim that is refused.
      const now = clock.now();
      const verdict = judge(await store.find(request.key, now), request, now);
      answer = verdict.kind === "free" ? await claimKnown(ports, request) : verdict;
    }
  }
  if (answer.kind === "mismatch") {
    metrics.count("conflicts");
    throw reused(request);
  }
  countTurn(metrics, answer);
  return answer;
}

/** One for the first try, the others for answers that were lost. */
const CLAIM_TRIES_MAX = 3;

/** A claim whose answer was lost is made again: the store then tells what came of it. */
async function claimKnown(
  { store, clock }: Pick<TurnPorts, "store" | "clock">,
  request: ClaimRequest,
): Promise<ClaimAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await store.claim(request, clock.now());
    } catch (error) {
      const isUnknown = isFailure(error) && error.code === "outcome-unknown";
      if (!isUnknown || tries === CLAIM_TRIES_MAX) throw error;
    }
  }
}

function countTurn(metrics: IdempotencyMetrics, turn: Turn): void {
  if (turn.kind === "stale") metrics.count("stale");
  if (turn.kind !== "claimed") return;
  metrics.count("misses");
  if (turn.follows === "expired") metrics.count("expired");
  if (turn.follows === "abandoned") metrics.count("takenOver");
}

const pending = ({ key }: ClaimRequest, leaseUntil: EpochMs): Failure =>
  new Failure(
    "outcome-pending",
    "retry",
    `Another run has ${JSON.stringify(key)}, until ${leaseUntil} (ms since the epoch) at the ` +
      "latest. Repeat the request then: it gets that run's result, or is run itself.",
  );

const reused = ({ key }: ClaimRequest): Failure =>
  new Failure(
    "idempotency-key-reused",
    "reject",
    `${JSON.stringify(key)} stands for another payload; use a new key for another piece of work.`,
  );
