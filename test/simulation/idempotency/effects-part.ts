/**
 * A schedule of effects: requests, the sandboxes that answer them, the records, and the judge.
 */
import { fronts } from "./fronts.ts";
import { callers } from "./callers.ts";
import { EffectJudge } from "./effect-judge.ts";
import { named, type Told } from "./effect-truth.ts";
import { startEffects } from "./effects.ts";
import { type Ground, hostOf, START } from "./ground.ts";
import { type Outside, outside } from "./outside.ts";
import { records } from "./records.ts";
import { drawRequests, type Request, type Work } from "./requests.ts";
import { drawSettings, type EffectSettings, isForgetful } from "./settings.ts";

export type Part = {
  readonly begin: () => void;
  /** Callers without a final answer. */
  readonly waiting: () => number;
  /** Effects that were had, writes that were taken. */
  readonly applied: () => number;
};

export type EffectsOptions = {
  /** Absent: drawn. */
  readonly requests?: readonly Request[];
  readonly settings?: EffectSettings;
};

/** Nothing is to be expected behind these: asked again, they are answered the same. */
const FINAL_CODES: ReadonlySet<string> = new Set(["idempotency-key-reused", "payload-too-large"]);

export function effectsPart(ground: Ground, given: EffectsOptions): Part {
  const { rng, swarm, scheduler, journal, plant } = ground;
  const settings = given.settings ?? drawSettings(rng.fork("settings"));
  const requests = given.requests ?? drawnRequests(ground, settings);
  const there: Outside = outside(settings.isFenced, plant, (effect) => judge.took(effect));
  const judge = new EffectJudge({
    judge: ground.judge,
    now: scheduler.now,
    keepMs: settings.keepMs,
    isFenced: settings.isFenced,
    note: (what, work) => journal.note("truth", what, `${named(work)} (${work.payload})`),
    outside: () => there,
    payloadsOf: payloadsIn(requests),
  });
  const metrics = { count: (name: string) => journal.reach(name), milliseconds: () => {} };
  const place = {
    ...ground,
    settings,
    rng: rng.fork("effects"),
    records: records({ ...ground, rng: rng.fork("records"), judge }),
    fronts: fronts(settings, swarm, metrics),
    outside: there,
    judge,
    metrics,
  };
  const asking = callers<Request, Told>({
    scheduler,
    rng: rng.fork("callers"),
    host: hostOf(ground, (process, clock) => startEffects(process, clock, place)),
    isFinal: (told) => told.kind !== "failed" || FINAL_CODES.has(told.code),
    onEnd(request, end) {
      journal.reach(`invocation-${end.kind}`);
      if (end.kind === "answered") journal.reach(branchOf(end.answer));
      const what = end.kind === "answered" ? branchOf(end.answer) : end.kind;
      journal.note("caller", `of ${named(request.work)} hears`, what);
    },
  });
  journal.reach(settings.isFenced ? "effects-fenced" : "effects-unfenced");
  return {
    begin() {
      for (const request of requests) asking.askAt(START + request.atMs, request);
    },
    waiting: asking.waiting,
    applied: there.taken,
  };
}

const branchOf = (told: Told): string =>
  told.kind === "failed" ? `told-${told.code}` : `told-${told.kind}`;

const drawnRequests = ({ rng, swarm }: Ground, settings: EffectSettings): readonly Request[] =>
  drawRequests({
    rng: rng.fork("requests"),
    swarm,
    start: START,
    forgottenAfterMs: isForgetful(settings) ? settings.keepMs : undefined,
  });

function payloadsIn(requests: readonly Request[]): (work: Work) => ReadonlySet<string> {
  const payloads = new Map<string, Set<string>>();
  for (const { work } of requests) {
    const known = payloads.get(named(work)) ?? new Set();
    payloads.set(named(work), known.add(work.payload));
  }
  return (work) => payloads.get(named(work)) ?? new Set();
}
