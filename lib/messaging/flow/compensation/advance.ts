/**
 * How a run goes on from where it is. Pure: what happens follows from the record and the time
 * alone, so that whoever finds the record goes on as its last owner would have.
 *
 *     running     untouched -> begun -> done     the first step that is not done, until all are
 *     unwinding   begun, done -> undoing -> undone     the last step that is not undone
 */
import type { Failure } from "#kernel/failure";
import type { Json } from "#kernel/json";
import { type DurationMs, type EpochMs, later } from "#kernel/units";
import type { Attention, RunCause, RunProgress, StepProgress } from "./run-progress.ts";
import { shortMessage } from "./run-size.ts";

export type AdvanceRules = {
  readonly attemptsMax: number;
  readonly undoAttemptsMax: number;
  readonly landsWithin: (step: string) => DurationMs;
};

/** What has to be done now, with a step that the record says is begun. */
export type Act =
  | { readonly kind: "forward"; readonly step: Extract<StepProgress, { status: "begun" }> }
  | { readonly kind: "undo"; readonly step: Extract<StepProgress, { status: "undoing" }> }
  /** A call whose end is not known may still land. */
  | { readonly kind: "wait"; readonly until: EpochMs }
  | { readonly kind: "end" };

export const newRun = (names: readonly string[], input: Json): RunProgress => ({
  format: 1,
  status: "running",
  input,
  steps: names.map((name) => ({ name, status: "untouched" })),
});

/** A tombstone for the whole run: undone before it began. */
export const buriedRun = (cause: RunCause): RunProgress => ({
  format: 1,
  status: "undone",
  steps: [],
  cause,
});

/** Of a run that has been advanced. */
export function actOf(run: RunProgress): Act {
  const step = currentStep(run);
  if (step === undefined) return { kind: "end" };
  if (run.status === "running" && step.status === "begun") return { kind: "forward", step };
  if (step.status === "undoing") return { kind: "undo", step };
  if (step.status === "begun") return { kind: "wait", until: step.landsBy };
  return { kind: "end" };
}

/** The run with its next act begun: to be written before the act is carried out. */
export function advance(run: RunProgress, now: EpochMs, rules: AdvanceRules): RunProgress {
  const step = currentStep(run);
  switch (run.status) {
    case "running":
      return step === undefined ? { ...run, status: "completed" } : forward(run, step, now, rules);
    case "unwinding":
      return step === undefined ? { ...run, status: "undone" } : backward(run, step, now, rules);
    case "completed":
    case "undone":
    case "needs-attention":
      return run;
    default:
      return run.status satisfies never;
  }
}

/** A step that was never begun is undone without a call: from now on the record refuses it. */
const turned = (run: RunProgress, cause: RunCause): RunProgress => ({
  ...run,
  status: "unwinding",
  cause,
  steps: run.steps.map((step) =>
    step.status === "untouched" ? { name: step.name, status: "undone" } : step,
  ),
});

/**
 * The rest reports what happened. Each answers undefined when it does not matter any more: somebody
 * else reported it before, or the run has gone on.
 */

export function forwardDone(run: RunProgress, name: string, result: Json): RunProgress | undefined {
  const step = stepNamed(run, name);
  return step?.status === "begun" ? withStep(run, { name, status: "done", result }) : undefined;
}

export function forwardFailed(
  run: RunProgress,
  name: string,
  failure: Failure,
): RunProgress | undefined {
  const step = stepNamed(run, name);
  if (run.status !== "running" || step?.status !== "begun") return undefined;
  const { code, action } = failure;
  const message = shortMessage(failure.message);
  // Its only call has been answered, so nothing of it can land any more.
  const isOver = action !== "retry" && step.attempts === 1;
  const landsBy = isOver ? (0 as EpochMs) : step.landsBy;
  return turned(withStep(run, { ...step, landsBy }), { step: name, code, message });
}

export const undoDone = (run: RunProgress, name: string): RunProgress | undefined =>
  isUndoing(run, name) ? withStep(run, { name, status: "undone" }) : undefined;

export function undoFailed(
  run: RunProgress,
  name: string,
  { code, message, action }: Failure,
  now: EpochMs,
  { undoAttemptsMax }: AdvanceRules,
): RunProgress | undefined {
  const step = stepNamed(run, name);
  if (run.status !== "unwinding" || step?.status !== "undoing") return undefined;
  if (action === "retry" && step.attempts < undoAttemptsMax) return run;
  return needingAttention(run, { step: name, code, message: shortMessage(message), at: now });
}

/** Also takes up again what needed attention: whoever asks has seen to it. */
export function undoAsked(run: RunProgress, cause: RunCause): RunProgress | undefined {
  if (run.status === "running" || run.status === "completed") return turned(run, cause);
  if (run.status !== "needs-attention") return undefined;
  const { attention: _seenTo, ...rest } = run;
  return {
    ...rest,
    status: "unwinding",
    steps: run.steps.map((step) => (step.status === "undoing" ? { ...step, attempts: 0 } : step)),
  };
}

function currentStep({ status, steps }: RunProgress): StepProgress | undefined {
  if (status === "running") return steps.find((step) => step.status !== "done");
  if (status === "unwinding") return steps.findLast((step) => step.status !== "undone");
  return undefined;
}

function forward(
  run: RunProgress,
  step: StepProgress,
  now: EpochMs,
  rules: AdvanceRules,
): RunProgress {
  const { name } = step;
  const before = step.status === "begun" ? step : { attempts: 0, landsBy: 0 };
  if (before.attempts >= rules.attemptsMax) {
    const message = `Begun ${before.attempts} times without an answer.`;
    const cause: RunCause = { step: name, code: "outcome-unknown", message };
    return advance(turned(run, cause), now, rules);
  }
  const within = rules.landsWithin(name);
  // Only ever later: an earlier attempt may still be under way.
  const landsBy = Math.max(within === 0 ? 0 : later(now, within), before.landsBy) as EpochMs;
  return withStep(run, { name, status: "begun", attempts: before.attempts + 1, landsBy });
}

function backward(
  run: RunProgress,
  step: StepProgress,
  now: EpochMs,
  { undoAttemptsMax }: AdvanceRules,
): RunProgress {
  const { name } = step;
  switch (step.status) {
    case "begun":
      if (step.landsBy > now) return run;
      return withStep(run, { name, status: "undoing", attempts: 1 });
    case "done":
      return withStep(run, { name, status: "undoing", attempts: 1, result: step.result });
    case "undoing": {
      if (step.attempts < undoAttemptsMax) {
        return withStep(run, { ...step, attempts: step.attempts + 1 });
      }
      const message = `Its undo was begun ${step.attempts} times and never seen to end.`;
      return needingAttention(run, { step: name, code: "outcome-unknown", message, at: now });
    }
    case "untouched":
    case "undone":
      return run;
    default:
      return step satisfies never;
  }
}

const needingAttention = (run: RunProgress, attention: Attention): RunProgress => ({
  ...run,
  status: "needs-attention",
  attention,
});

const stepNamed = ({ steps }: RunProgress, name: string): StepProgress | undefined =>
  steps.find((step) => step.name === name);

const isUndoing = (run: RunProgress, name: string): boolean =>
  run.status === "unwinding" && stepNamed(run, name)?.status === "undoing";

const withStep = (run: RunProgress, changed: StepProgress): RunProgress => ({
  ...run,
  steps: run.steps.map((step) => (step.name === changed.name ? changed : step)),
});
