/**
 * A sandbox that has effects through the idempotent runner, one runner for each strategy, with a
 * front before the store and a network behind which anything may happen.
 */
import type { Clock } from "#kernel/clock";
import { Failure, isFailure } from "#kernel/failure";
import type { Rng } from "#kernel/rng";
import {
  byContentHash,
  byMessageId,
  byTimestamp,
  byVersion,
  type Effect,
  hintedStore,
  idempotent,
  type IdempotencyMetrics,
  type IdempotencyStore,
  type IdempotentAnswer,
  type IdempotentOptions,
  type Strategy,
} from "#messaging/idempotency/index";
import { milliseconds } from "#kernel/units";
import type { FaultRates, FaultSwarm } from "#simulation/faults";
import type { Invocation } from "#simulation/lambda-host";
import type { SimulatedProcess } from "#simulation/process";
import type { Remote } from "#simulation/remote";
import type { Scheduler } from "#simulation/scheduler";
import type { EffectJudge } from "./effect-judge.ts";
import type { Told } from "./effect-truth.ts";
import type { Fronts } from "./fronts.ts";
import { CLOCKS_APART_MS } from "./judgement.ts";
import type { Outside } from "./outside.ts";
import type { IdempotencyPlant } from "./plant.ts";
import { type Records, RESULT_BYTES_MAX } from "./records.ts";
import type { Request, StrategyName, Work } from "./requests.ts";
import type { EffectSettings } from "./settings.ts";

export const EFFECT_FAULTS = {
  "failing-effect": [0.02, 0.3],
  "slow-effect": [0.02, 0.25],
  "careless-effect": [0.2, 1],
} as const satisfies FaultRates;

export type EffectPlace = {
  readonly settings: EffectSettings;
  readonly scheduler: Scheduler;
  readonly swarm: FaultSwarm;
  readonly rng: Rng;
  readonly remote: Remote;
  readonly records: Records;
  readonly fronts: Fronts;
  readonly outside: Outside;
  readonly judge: EffectJudge;
  readonly metrics: IdempotencyMetrics;
  readonly newId: () => string;
  readonly plant: IdempotencyPlant;
};

/** Past any lease. */
const SLOW_MS_MAX = 9_000;

const BY: Readonly<Record<StrategyName, Strategy<Request>>> = {
  "message-id": byMessageId({ id: ["input", "id"], payload: ["input", "body"] }),
  version: byVersion({
    entity: ["input", "id"],
    version: ["input", "version"],
    payload: ["input", "body"],
  }),
  timestamp: byTimestamp({
    entity: ["input", "id"],
    time: ["input", "time"],
    payload: ["input", "body"],
  }),
  "content-hash": byContentHash({ content: ["input", "body"] }),
};

type Runner = (request: Request) => Promise<IdempotentAnswer>;

/** A cold start. @param clock the sandbox's own. */
export function startEffects(
  process: SimulatedProcess,
  clock: Clock,
  place: EffectPlace,
): (invocation: Invocation<Request>) => Promise<Told> {
  const { judge, scheduler } = place;
  const runners = new Map<StrategyName, Runner>();
  /** What the one invocation that a sandbox has at a time is about. */
  let current: Work | undefined;
  const store = fronted(
    farStore(process, place, () => current),
    process,
    clock,
    place,
  );

  const runnerOf = (strategy: StrategyName): Runner => {
    const found = runners.get(strategy);
    if (found !== undefined) return found;
    const made = runner(strategy, store, { process, clock, place });
    runners.set(strategy, made);
    return made;
  };

  return async ({ batch: request }) => {
    current = request.work;
    const askedAt = scheduler.now();
    const answer = await runnerOf(request.work.strategy)(request).catch(toldOf);
    judge.told(request.work, answer, askedAt);
    return answer;
  };
}

function toldOf(error: unknown): Told {
  if (!isFailure(error)) throw error;
  return { kind: "failed", code: error.code };
}

type SandboxPlace = {
  readonly process: SimulatedProcess;
  readonly clock: Clock;
  readonly place: EffectPlace;
};

function runner(strategy: StrategyName, store: IdempotencyStore, sandbox: SandboxPlace): Runner {
  const { process, clock, place } = sandbox;
  const { settings, metrics, newId, plant } = place;
  const effect = effectIn(sandbox);
  const { effectMsMax, leaseMs, keepMs, whenInFlight } = settings;
  const right: IdempotentOptions<Request> = {
    name: strategy,
    store,
    strategy: BY[strategy],
    effect: plant.effect?.(effect) ?? effect,
    effectMsMax,
    leaseMs,
    keepMs,
    clockSkewMs: milliseconds(CLOCKS_APART_MS),
    whenInFlight,
    clock,
    newId,
    metrics,
  };
  return idempotent(plant.options?.(right, { process, clock }) ?? right);
}

function fronted(
  far: IdempotencyStore,
  process: SimulatedProcess,
  clock: Clock,
  { fronts, plant, metrics }: EffectPlace,
): IdempotencyStore {
  const store = plant.store?.(far, { process, clock }) ?? far;
  const seen = fronts();
  if (seen === undefined) return store;
  return plant.front?.(store, seen) ?? hintedStore(store, seen, metrics);
}

function farStore(
  process: SimulatedProcess,
  { records, remote }: EffectPlace,
  current: () => Work | undefined,
): IdempotencyStore {
  const call = <Answer>(
    name: string,
    kind: "read" | "write",
    act: (work: Work) => Promise<Answer>,
  ): Promise<Answer> => {
    const work = current();
    if (work === undefined) throw new Error("a store is called by nobody");
    const target = { port: `records.${name}`, subject: work.entity, kind };
    return remote.call(process, target, () => act(work));
  };
  return {
    resultBytesMax: records.resultBytesMax,
    claim: (request, now) => call("claim", "write", (work) => records.claim(work, request, now)),
    complete: (claim, result, now) =>
      call("complete", "write", (work) => records.complete(work, claim, result, now)),
    release: (claim) => call("release", "write", (work) => records.release(work, claim)),
    find: (key, now) => call("find", "read", () => records.find(key, now)),
  };
}

/** One write to the outside. A careful effect sends nothing behind its deadline. */
function effectIn({ process, clock, place }: SandboxPlace): Effect<Request> {
  const { swarm, rng, remote, outside, judge } = place;
  const occasion = (fault: keyof typeof EFFECT_FAULTS): boolean => {
    if (!swarm.fires(fault)) return false;
    swarm.happened(fault);
    return true;
  };
  return async ({ work }, run) => {
    const begun = judge.began(work, run);
    try {
      if (occasion("failing-effect")) throw notToday;
      if (occasion("slow-effect")) await clock.sleep(milliseconds(rng.int(SLOW_MS_MAX)));
      if (clock.now() < run.deadline) judge.writes(begun);
      else if (!occasion("careless-effect")) throw tooLate;
      const target = { port: "outside.write", subject: work.entity, kind: "write" } as const;
      const { attempt } = run;
      const isTaken = await remote.call(process, target, async () =>
        outside.take({ work, attempt }),
      );
      if (!isTaken) throw overtaken;
      begun.end = "returned";
      return resultOf(place.newId(), rng);
    } catch (error) {
      const isUnknown = isFailure(error) && error.code === "outcome-unknown";
      begun.end = isUnknown ? "unknown" : "nothing-had";
      throw error;
    }
  };
}

/** No two are equal. Some are bytes, some are too large to be kept. */
function resultOf(id: string, rng: Rng): string | Uint8Array {
  const text = `${id}: \u{1f600} "done"\n`;
  const kind = rng.int(6);
  if (kind === 0) return text.padEnd(RESULT_BYTES_MAX + 1, "x");
  return kind < 3 ? Uint8Array.from([0, 255, ...Buffer.from(text)]) : text;
}

/** Made once: a stack trace costs more than all the rest of a call. */
const notToday = new Failure("unexpected", "retry", "the effect fails before it does anything");
const tooLate = new Failure("unexpected", "retry", "the effect's deadline is over");
const overtaken = new Failure("conflict", "retry", "a later attempt has written");
