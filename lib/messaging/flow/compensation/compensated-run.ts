/**
 * Carries out steps one after the other, and undoes them in reverse order when one is refused, or
 * when somebody asks for it: before, while, or after it runs. Wherever it is cut off, whoever asks
 * next goes on. The idea is the saga's. Source: H. Garcia-Molina, K. Salem, "Sagas", 1987.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { canonicalJson } from "#kernel/hash";
import type { NewId } from "#kernel/ids";
import type { Json } from "#kernel/json";
import { type EpochMs, milliseconds } from "#kernel/units";
import { flowSettings } from "../flow-settings.ts";
import type { RecordStore } from "../record/record-store.ts";
import { type Act, actOf, type AdvanceRules, buriedRun, newRun, undoAsked } from "./advance.ts";
import { resultsOf, runActs, type StepFailed, stepOf } from "./run-acts.ts";
import type { Attention, RunCause, RunProgress } from "./run-progress.ts";
import { type HeldRun, runRecords } from "./run-record.ts";
import { inputThatFits, shortMessage } from "./run-size.ts";
import type { Step } from "./step.ts";

export type CompensationSettings = {
  /** Attempts at a step that is not answered; then the run is undone. Default 5. */
  readonly attemptsMax: number;
  /** Attempts at an undo; then it needs attention. Default 10. */
  readonly undoAttemptsMax: number;
  /**
   * The longest pause before the second attempt at an undo; doubled for each further one. Default
   * 100.
   */
  readonly firstPauseMs: number;
  /** Where the doubling ends. Default 2,000. */
  readonly longestPauseMs: number;
};

export type RunOutcome =
  | { readonly kind: "completed"; readonly results: Readonly<Record<string, Json>> }
  /** Nothing of it stands, and nothing of it can come any more. */
  | { readonly kind: "undone"; readonly cause: RunCause }
  /** A call whose end is not known may still land until then: `undo` again after it. */
  | { readonly kind: "pending"; readonly until: EpochMs; readonly cause: RunCause }
  /** Something of it may stand. `undo` tries again, once somebody has seen to it. */
  | {
      readonly kind: "needs-attention";
      readonly attention: Attention;
      readonly cause: RunCause;
    };

/** `kind` and `step` are bounded, so they may be dimensions of a metric; `run` is for logs. */
export type CompensationEvent =
  | StepFailed
  | { readonly kind: RunOutcome["kind"]; readonly run: string };

export type CompensationOptions<Input extends Json> = {
  /** In the order in which they are done. */
  readonly steps: readonly Step<Input>[];
  readonly store: RecordStore;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Answers a number in [0, 1): `Math.random`, or a seeded generator's. */
  readonly random: () => number;
  readonly settings?: Partial<CompensationSettings>;
  readonly observe?: (event: CompensationEvent) => void;
};

export type CompensatedRuns<Input extends Json> = {
  /**
   * Does what is left of the run, n + 1 writes for n steps; repeated, it answers how the run ended.
   *
   * @param id the run's own for ever: its record is what refuses a late step.
   * @throws Failure with the action `retry`, as a step or the store: the run stands where it is,
   * call again; `conflict` (retry) when another attempt goes on with it; `idempotency-key-reused`
   * (reject) when the run began with another input.
   */
  run(id: string, input: Input): Promise<RunOutcome>;
  /**
   * Undoes the run, wherever it is; if it has not begun, it never will.
   *
   * @throws as `run`.
   */
  undo(id: string, reason: string): Promise<RunOutcome>;
};

/**
 * @throws Failure `misconfigured` for a setting out of its range, and for steps without a name of
 * their own.
 */
export function compensatedRuns<Input extends Json>(
  options: CompensationOptions<Input>,
): CompensatedRuns<Input> {
  const { steps, store, clock, newId, observe } = options;
  const settings = checked(options.settings ?? {});
  const byName = stepsByName(steps);
  const rules: AdvanceRules = {
    ...settings,
    landsWithin: (name) => milliseconds(stepOf(byName, name).landsWithinMs),
  };
  const records = runRecords({ store, clock, newId, rules });
  const carryOut = runActs({ ...options, settings, byName, rules, records });

  const toItsEnd = async (found: HeldRun): Promise<RunOutcome> => {
    let held = found;
    for (const { name } of held.run.steps) stepOf(byName, name);
    const actsMax = (settings.attemptsMax + settings.undoAttemptsMax) * (steps.length + 1);
    for (let count = 0; count <= actsMax; count += 1) {
      const act = actOf(held.run);
      const isOver = act.kind === "end" || (act.kind === "wait" && clock.now() < act.until);
      if (isOver) {
        const outcome = outcomeOf(held.run, act);
        observe?.({ kind: outcome.kind, run: held.id });
        return outcome;
      }
      held = await carryOut(held, act);
    }
    const message = `Run ${JSON.stringify(held.id)} was cut off after ${actsMax} acts.`;
    throw new Failure("conflict", "retry", message);
  };

  return {
    async run(id, input) {
      inputThatFits(id, input);
      const held = await records.create(id, newRun([...byName.keys()], input));
      const { run } = held;
      if (run.input !== undefined && canonicalJson(run.input) !== canonicalJson(input)) {
        throw otherInput(id);
      }
      return toItsEnd(held);
    },

    async undo(id, reason) {
      const cause: RunCause = { code: "step-cancelled", message: shortMessage(reason) };
      const ask = (run: RunProgress) => undoAsked(run, cause);
      const found = (await records.find(id)) ?? (await records.create(id, buriedRun(cause)));
      const isNews = ask(found.run) !== undefined;
      return toItsEnd(isNews ? await records.change(found, ask) : found);
    },
  };
}

function outcomeOf(run: RunProgress, act: Act): RunOutcome {
  const { attention, cause = { code: "unexpected", message: "No cause was stored." } } = run;
  if (act.kind === "wait") return { kind: "pending", until: act.until, cause };
  if (run.status === "completed") return { kind: "completed", results: resultsOf(run) };
  if (attention !== undefined) return { kind: "needs-attention", attention, cause };
  return { kind: "undone", cause };
}

function stepsByName<Input extends Json>(
  steps: readonly Step<Input>[],
): ReadonlyMap<string, Step<Input>> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const wrong = steps.find(
    ({ landsWithinMs }) => !Number.isSafeInteger(landsWithinMs) || landsWithinMs < 0,
  );
  if (steps.length > 0 && byName.size === steps.length && wrong === undefined) return byName;
  const received = steps.map(({ name, landsWithinMs }) => `${name} (${landsWithinMs} ms)`);
  throw new Failure(
    "misconfigured",
    "reject",
    "A run needs at least one step, each with a name of its own and landsWithinMs of 0 or a " +
      `whole number of milliseconds; received ${received.join(", ") || "none"}.`,
  );
}

const otherInput = (id: string): Failure =>
  new Failure(
    "idempotency-key-reused",
    "reject",
    `The run ${JSON.stringify(id)} began with another input; give another run another id.`,
  );

const checked = (given: Partial<CompensationSettings>): CompensationSettings =>
  flowSettings("compensation", given, DEFAULTS, {
    attemptsMax: [1, 100],
    undoAttemptsMax: [1, 100],
    firstPauseMs: [0, 60_000],
    longestPauseMs: [0, 60_000],
  });

const DEFAULTS: CompensationSettings = {
  attemptsMax: 5,
  undoAttemptsMax: 10,
  firstPauseMs: 100,
  longestPauseMs: 2_000,
};
