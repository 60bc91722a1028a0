/**
 * Runs an effect once for each key: claim, run, complete. Whoever comes again gets the first
 * result, byte for byte.
 */
import { type Clock, systemClock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { type NewId, randomIds } from "#kernel/ids";
import { type DurationMs, type EpochMs, milliseconds } from "#kernel/units";
import { failureOf } from "../consumer/handling.ts";
import { resultBytes } from "./bounds.ts";
import { type Claimed, claimInTurn } from "./claim-in-turn.ts";
import { type IdempotencyMetrics, noMetrics } from "./idempotency-metrics.ts";
import type { Claim, IdempotencyStore, KeptResult, Precedent } from "./idempotency-store.ts";
import { CLOCK_SKEW_MS, checkSettings, type IdempotentSettings } from "./idempotent-settings.ts";
import type { Strategy } from "./strategies/strategy.ts";

export type IdempotentOptions<Input> = IdempotentSettings & {
  readonly store: IdempotencyStore;
  readonly strategy: Strategy<Input>;
  readonly effect: Effect<Input>;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Names each run. Default: random UUIDs. */
  readonly newId?: NewId;
  /** Default: nobody watches. */
  readonly metrics?: IdempotencyMetrics;
};

/**
 * Answers what is to be replayed, business refusals included. What it throws says that it had no
 * effect and may be tried again at once; `Failure` `outcome-unknown` says that nobody knows, so the
 * key is kept until the lease ends.
 */
export type Effect<Input> = (input: Input, run: Run) => Promise<string | Uint8Array>;

export type Run = {
  /** The whole key: give it to whoever has idempotency keys of their own. */
  readonly key: string;
  /** From 1; with the key, a fence for a store that compares it. */
  readonly attempt: number;
  /** `abandoned`: an earlier run may have had its effect; ask the other side first where it can. */
  readonly follows: Exclude<Precedent, "itself">;
  /** Nothing may be under way after it. */
  readonly deadline: EpochMs;
};

export type IdempotentAnswer =
  | {
      readonly kind: "ran";
      readonly result: string | Uint8Array;
      /** False: too large, or no text. A repetition is refused instead of answered. */
      readonly isKept: boolean;
    }
  | { readonly kind: "replayed"; readonly result: string | Uint8Array }
  /** Not applied, because something newer was. */
  | { readonly kind: "stale" };

/**
 * Resolves when the effect has been had and its result is stored, now or earlier. Throws what the
 * effect throws, what the store throws, and `Failure`:
 * - `idempotency-key-missing`, `idempotency-key-reused`, `invalid-request` (reject): no effect;
 * - `outcome-pending` (retry): a twin has the key; no effect by this call;
 * - `payload-too-large` (reject): the effect was had by an earlier call, its result was not kept;
 * - `outcome-unknown` (retry): this call had the effect, but could not store that it did;
 * - `conflict` (retry): this call had the effect, but after its lease another run began.
 *
 * @throws Failure `misconfigured` at once for settings that cannot hold.
 */
export function idempotent<Input>(
  options: IdempotentOptions<Input>,
): (input: Input) => Promise<IdempotentAnswer> {
  checkSettings(options);
  const { store, strategy, name, clock = systemClock, newId = randomIds } = options;
  const { leaseMs, keepMs, metrics = noMetrics, whenInFlight } = options;

  return async (input) => {
    const { key, ...identity } = strategy(input);
    const request = { ...identity, key: `${name}/${key}`, owner: newId(), leaseMs, keepMs };
    const beganAt = clock.now();
    const turn = await claimInTurn({ store, clock, metrics, whenInFlight }, request);
    metrics.milliseconds("claimMs", clock.now() - beganAt);
    if (turn.kind === "stale") return { kind: "stale" };
    if (turn.kind === "completed") return replayed(request.key, turn.result, metrics);
    return await run(options, { clock, metrics }, turn, input);
  };
}

type Surroundings = { readonly clock: Clock; readonly metrics: IdempotencyMetrics };

async function run<Input>(
  options: IdempotentOptions<Input>,
  { clock, metrics }: Surroundings,
  { claim, follows }: Claimed,
  input: Input,
): Promise<IdempotentAnswer> {
  const { store, effect, effectMsMax, clockSkewMs = CLOCK_SKEW_MS } = options;
  const startedAt = clock.now();
  const deadline = (startedAt + effectMsMax) as EpochMs;
  if (deadline + clockSkewMs > claim.leaseUntil) {
    if (careful(claim, follows) !== "abandoned") await giveBack(store, claim, metrics);
    throw claimedTooLate(claim, startedAt, effectMsMax);
  }
  const { key, attempt } = claim;
  let result: string | Uint8Array;
  try {
    result = await effect(input, { key, attempt, follows: careful(claim, follows), deadline });
  } catch (error) {
    // Who does not know whether it had its effect must not let the next one begin beside it.
    const isKnown = failureOf(error).code !== "outcome-unknown";
    if (isKnown && careful(claim, follows) !== "abandoned") await giveBack(store, claim, metrics);
    throw error;
  } finally {
    metrics.milliseconds("effectMs", clock.now() - startedAt);
  }
  const kept = keepable(result, store.resultBytesMax);
  const endedAt = clock.now();
  const answer = await completed({ store, clock }, claim, kept);
  metrics.milliseconds("completeMs", clock.now() - endedAt);
  if (answer === "lost") {
    metrics.count("lost");
    throw takenOver(claim);
  }
  const isKept = kept === result;
  if (isKept) metrics.count("bytesStored", resultBytes(result));
  else metrics.count("omitted");
  return { kind: "ran", result, isKept };
}

/** The answer that told what was there before was lost: the worst that it can have told. */
function careful({ attempt }: Claim, follows: Precedent): Run["follows"] {
  if (follows !== "itself") return follows;
  return attempt === 1 ? "nothing" : "abandoned";
}

/** The effect stands, so its mark is stored whatever its result is. */
function keepable(result: string | Uint8Array, bytesMax: number): KeptResult {
  if (!isResult(result)) return { omittedBytes: 0 };
  const bytes = resultBytes(result);
  const isExact = typeof result !== "string" || result.isWellFormed();
  return isExact && bytes <= bytesMax ? result : { omittedBytes: bytes };
}

/** An effect that is not type-checked may answer anything. */
const isResult = (result: unknown): result is string | Uint8Array =>
  typeof result === "string" || result instanceof Uint8Array;

const COMPLETE_TRIES_MAX = 4;
const COMPLETE_PAUSE_MS = 50;

async function completed(
  { store, clock }: { readonly store: IdempotencyStore; readonly clock: Clock },
  claim: Claim,
  result: KeptResult,
): Promise<"completed" | "lost"> {
  for (let round = 0; ; round += 1) {
    try {
      return await store.complete(claim, result, clock.now());
    } catch (error) {
      const failure = failureOf(error);
      if (failure.action !== "retry" || round + 1 === COMPLETE_TRIES_MAX) {
        throw notStored(claim, failure);
      }
    }
    await clock.sleep(milliseconds(COMPLETE_PAUSE_MS * 2 ** round));
  }
}

/** What it cannot give back is free when the lease ends; the caller has another error to hear. */
async function giveBack(
  store: IdempotencyStore,
  claim: Claim,
  metrics: IdempotencyMetrics,
): Promise<void> {
  const answer = await store.release(claim).catch(() => "lost" as const);
  if (answer === "released") metrics.count("released");
}

function replayed(key: string, result: KeptResult, metrics: IdempotencyMetrics): IdempotentAnswer {
  metrics.count("hits");
  if (isResult(result)) {
    metrics.count("bytesReplayed", resultBytes(result));
    return { kind: "replayed", result };
  }
  throw new Failure(
    "payload-too-large",
    "reject",
    `The effect under ${JSON.stringify(key)} was had by an earlier request and is not had again; ` +
      `its result of ${result.omittedBytes} bytes could not be kept. Read it where the effect ` +
      "put it, and let the effect answer a reference.",
  );
}

const claimedTooLate = (claim: Claim, at: EpochMs, effectMsMax: DurationMs): Failure =>
  new Failure(
    "store-unavailable",
    "retry",
    `Claiming ${JSON.stringify(claim.key)} took so long that ${claim.leaseUntil - at} ms of its ` +
      `lease are left, too few for an effect of ${effectMsMax} ms. It was not begun.`,
  );

const takenOver = ({ key, attempt }: Claim): Failure =>
  new Failure(
    "conflict",
    "retry",
    `The effect under ${JSON.stringify(key)} was had by attempt ${attempt}, but it ended after ` +
      "its lease and another run began: it may be had twice. Raise effectMsMax and leaseMs.",
  );

const notStored = ({ key }: Claim, cause: Failure): Failure =>
  new Failure(
    "outcome-unknown",
    "retry",
    `The effect under ${JSON.stringify(key)} was had, but that could not be stored ` +
      `(${cause.code}: ${cause.message}). It is had again when the lease has ended, unless the ` +
      "store has it after all.",
    { cause },
  );
