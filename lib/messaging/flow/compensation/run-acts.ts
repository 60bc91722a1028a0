/**
 * Carries out what a run's record says is begun, or begins it anew when somebody else had begun it.
 */
import type { Clock } from "#kernel/clock";
import { Failure } from "#kernel/failure";
import { fullJitter } from "#kernel/jitter";
import type { Json } from "#kernel/json";
import { failureOf } from "../../consumer/handling.ts";
import {
  type Act,
  type AdvanceRules,
  forwardDone,
  forwardFailed,
  undoDone,
  undoFailed,
} from "./advance.ts";
import type { RunProgress } from "./run-progress.ts";
import type { HeldRun, RunRecords } from "./run-record.ts";
import { resultThatFits } from "./run-size.ts";
import type { Step, StepCall } from "./step.ts";

export type StepFailed = {
  readonly kind: "forward-failed" | "undo-failed";
  readonly run: string;
  readonly step: string;
  readonly error: Failure;
};

export type RunActsOptions<Input extends Json> = {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observe?: (event: StepFailed) => void;
  readonly settings: {
    readonly attemptsMax: number;
    readonly firstPauseMs: number;
    readonly longestPauseMs: number;
  };
  readonly byName: ReadonlyMap<string, Step<Input>>;
  readonly rules: AdvanceRules;
  readonly records: RunRecords;
};

/** Answers the run as it is afterwards, its next act begun. */
export function runActs<Input extends Json>(
  options: RunActsOptions<Input>,
): (held: HeldRun, act: Act) => Promise<HeldRun> {
  const { clock, random, observe, settings, byName, rules, records } = options;
  const callOf = (held: HeldRun, name: string): StepCall<Input> => ({
    key: `${held.id}:${name}`,
    input: held.run.input as Input,
    results: resultsOf(held.run),
  });

  const takeOver = (held: HeldRun): Promise<HeldRun> =>
    records.change(held, (run) => (run === held.run ? run : undefined));

  const forward = async (held: HeldRun, { step }: Extract<Act, { kind: "forward" }>) => {
    const { name, landsBy, attempts } = step;
    const does = stepOf(byName, name);
    // It was paused after it had begun: what it sent now could land after it was undone.
    if (does.landsWithinMs > 0 && clock.now() >= landsBy) return takeOver(held);
    let result: Json;
    try {
      const answer = await does.forward({ ...callOf(held, name), landsBy });
      result = resultThatFits(name, answer, held.run.steps.length);
    } catch (error) {
      const failure = failureOf(error);
      observe?.({ kind: "forward-failed", run: held.id, step: name, error: failure });
      if (failure.action === "retry" && attempts < settings.attemptsMax) throw failure;
      return records.change(held, (run) => forwardFailed(run, name, failure));
    }
    return records.change(held, (run) => forwardDone(run, name, result));
  };

  const undo = async (held: HeldRun, { step }: Extract<Act, { kind: "undo" }>) => {
    const { name, attempts, result } = step;
    try {
      const call = callOf(held, name);
      await stepOf(byName, name).undo(result === undefined ? call : { ...call, result });
    } catch (error) {
      const failure = failureOf(error);
      observe?.({ kind: "undo-failed", run: held.id, step: name, error: failure });
      const report = (run: RunProgress) => undoFailed(run, name, failure, clock.now(), rules);
      const failed = await records.change(held, report);
      const pauses = { firstMs: settings.firstPauseMs, longestMs: settings.longestPauseMs };
      const isLast = failed.run.status === "needs-attention";
      if (!isLast) await clock.sleep(fullJitter(pauses, attempts - 1, random));
      return failed;
    }
    return records.change(held, (run) => undoDone(run, name));
  };

  return (held, act) => {
    if (!held.isMine || act.kind === "wait" || act.kind === "end") return takeOver(held);
    return act.kind === "forward" ? forward(held, act) : undo(held, act);
  };
}

/** What the steps that are done have answered, by their names. */
export const resultsOf = ({ steps }: RunProgress): Readonly<Record<string, Json>> =>
  Object.fromEntries(
    steps.flatMap((step) => (step.status === "done" ? [[step.name, step.result] as const] : [])),
  );

/** @throws Failure `misconfigured` (retry): a version that knows the step can go on. */
export function stepOf<Input extends Json>(
  byName: ReadonlyMap<string, Step<Input>>,
  name: string,
): Step<Input> {
  const step = byName.get(name);
  if (step !== undefined) return step;
  const known = [...byName.keys()].join(", ");
  const message =
    `The run has the step "${name}", which is not among ${known}: ` +
    "keep a step for as long as runs may have it.";
  throw new Failure("misconfigured", "retry", message);
}
