/**
 * `npm start`, the main job: a local cloud, all stacks deployed into it, real orders replayed over
 * HTTP, and the result; then the system stays up until Ctrl-C.
 */
import { writeFileSync } from "node:fs";
import { isRight, reportTable } from "#replay/table";
import { stageUrl } from "./operator/api-url.ts";
import { deploy } from "./operator/deploy.ts";
import { Interrupted, INTERRUPTED_EXIT_CODE, interruption } from "./operator/interruption.ts";
import { chooseTarget, type MainTarget, openTarget } from "./operator/main-target.ts";
import { type Phases, phasesOn } from "./operator/progress.ts";
import { type Prepared, prepareReplay } from "./operator/replay-files.ts";
import { runReplay } from "./operator/run-replay.ts";
import { type StartOptions, startOptions, USAGE, UsageError } from "./operator/start-options.ts";
import { whereToLook } from "./operator/where-to-look.ts";

const EXIT = { right: 0, wrong: 1, usage: 2, interrupted: INTERRUPTED_EXIT_CODE } as const;

const say = (line: string): void => console.error(line);

// Work that was interrupted still waits for answers: the exit code alone would not end it.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = startOptions(args);
    if (options.help) {
      console.log(USAGE);
      return EXIT.right;
    }
    const choice = chooseTarget(options, process.env);
    const prepared = await prepareReplay(options);
    return await start(options, choice, prepared);
  } catch (error) {
    if (error instanceof Interrupted) return EXIT.interrupted;
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.wrong;
  }
}

async function start(
  options: StartOptions,
  choice: ReturnType<typeof chooseTarget>,
  prepared: Prepared,
): Promise<number> {
  const interrupted = interruption();
  const phases = phasesOn(process.stderr, () => performance.now());
  phases.begin(choice.kind === "own" ? "start the local cloud" : "look for the target");
  const opening = openTarget(choice);
  try {
    const target = await interrupted.orElse(opening);
    const work = job(target, { options, prepared, phases, signal: interrupted.signal });
    const right = await interrupted.orElse(Promise.race([work, target.ended.then(() => false)]));
    if (!options.once) {
      say(`\nThe system is up. Ctrl-C ${choice.kind === "own" ? "stops it" : "ends this"}.`);
      await interrupted.orElse(target.ended).catch(passInterruption);
    }
    return right ? EXIT.right : EXIT.wrong;
  } finally {
    phases.end();
    if (interrupted.signal.aborted) say("\nStopping; Ctrl-C again ends at once.");
    // It may still be starting: then there is something to stop in a moment.
    await opening.then(
      (target) => target.close(),
      () => undefined,
    );
  }
}

/** After the job a Ctrl-C is the ordinary end. */
function passInterruption(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}

type Job = {
  readonly options: StartOptions;
  readonly prepared: Prepared;
  readonly phases: Phases;
  readonly signal: AbortSignal;
};

/** True when every order ended as it must and no unit was oversold. */
async function job(target: MainTarget, given: Job): Promise<boolean> {
  const { options, prepared, phases, signal } = given;
  const deployed = phases.begin("deploy");
  say(`Using ${target.name}.`);
  const outputs = await deploy({
    ...target,
    signal,
    onProgress: ({ fraction, label }) => deployed(fraction, label),
  });
  const api = stageUrl(outputs.ApiId, outputs.ApiStage, target.environment);
  const request = { target, outputs, api, options, prepared, phases };
  const run = await runReplay(request);
  if (options.report !== undefined) {
    writeFileSync(options.report, `${JSON.stringify(run.report, undefined, 2)}\n`);
    say(`Report written to ${options.report}.`);
  }
  console.log(`\n${reportTable(run.report)}`);
  if (!options.once) console.log(`\n${whereToLook(request, run)}`);
  return isRight(run.report);
}
