/**
 * The options of `npm run simulate`, read and checked before anything is started.
 */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../operator/start-options.ts";

export const USAGE = `Usage: npm run simulate -- [options]

Runs the ordered consumer under injected faults, from a seed, on a virtual clock, and checks the
invariants after every step. Each of these runs a part of it:

  (none)              schedules of the product; a breach is made as small as possible
  --canary            the same with a bug planted: it has to be found, exit code 1
  --planted           looks for every planted bug, seed after seed
  --powertools        stock Powertools under each fault alone, beside the product
  --proof PATH        writes the document from the files of --from

  --schedules N       how many; for --planted the most for a bug, for --powertools for each fault
                      (default 1000, with --planted 10000, with --powertools 200)
  --seed S            the first seed (default 1)
  --scenario NAME     only this one; also powertools or planted/NAME
  --faults a,b        only these faults, or none; without it each seed draws its own
  --decisions-max D   after so many decisions for a fault no more take effect
  --threads T         how many run at the same time (default: one for each core)
  --json PATH         writes the result as JSON
  --from a,b,c        what --json wrote: runs, a search for planted bugs, a comparison
  --help              this text

Exit code: 0 right, 1 an invariant broke or a planted bug was not found, 2 wrong options,
3 the run says nothing, because a fault or a branch came up too rarely.
`;

export type Mode = "run" | "canary" | "planted" | "powertools" | "proof";

export type SimulateOptions = {
  readonly mode: Mode;
  readonly help: boolean;
  readonly schedules: number;
  readonly seed: number;
  readonly scenario: string | undefined;
  /** Undefined: drawn by each seed. */
  readonly faults: readonly string[] | undefined;
  readonly decisionsMax: number | undefined;
  /** Undefined: one for each core. */
  readonly threads: number | undefined;
  readonly json: string | undefined;
  /** Where the document goes, and what it is made from. */
  readonly proof: string | undefined;
  readonly from: readonly string[];
};

const SCHEDULES_MAX = 10_000_000;
/** The generator has 32 bits of state. */
const SEED_MAX = 4_294_967_295;
const THREADS_MAX = 256;

const DEFAULT_SCHEDULES: Readonly<Record<Mode, number>> = {
  run: 1_000,
  canary: 1_000,
  planted: 10_000,
  powertools: 200,
  proof: 0,
};

/** What each mode has no use for. */
const REFUSED: Readonly<Record<Mode, readonly string[]>> = {
  run: ["from"],
  canary: ["from", "scenario", "faults", "decisions-max"],
  planted: ["from", "scenario", "faults", "decisions-max"],
  powertools: ["from", "scenario", "decisions-max"],
  proof: ["schedules", "seed", "scenario", "faults", "decisions-max", "threads", "json"],
};

/** Throws `UsageError`. */
export function simulateOptions(args: readonly string[]): SimulateOptions {
  const values = parsed(args);
  const mode = modeOf(values);
  const given = new Set(Object.keys(values));
  for (const name of REFUSED[mode]) {
    if (!given.has(name)) continue;
    const where = mode === "run" ? "needs --proof" : `does not go with --${mode}`;
    throw new UsageError(`--${name} ${where}: leave it out. See npm run simulate -- --help.`);
  }
  const seed = whole("--seed", values.seed ?? "1", 0, SEED_MAX);
  const text = values.schedules ?? String(DEFAULT_SCHEDULES[mode]);
  const schedules = mode === "proof" ? 0 : whole("--schedules", text, 1, SCHEDULES_MAX);
  if (seed + schedules - 1 > SEED_MAX) {
    throw new UsageError(
      `--seed ${seed} with ${schedules} schedules passes the last seed, ${SEED_MAX}: ` +
        "begin lower or run fewer.",
    );
  }
  return {
    mode,
    help: values.help ?? false,
    schedules,
    seed,
    scenario: values.scenario,
    faults: optional(values.faults, faultNames),
    decisionsMax: optional(values["decisions-max"], (count) =>
      whole("--decisions-max", count, 0, Number.MAX_SAFE_INTEGER),
    ),
    threads: optional(values.threads, (count) => whole("--threads", count, 1, THREADS_MAX)),
    json: optional(values.json, (path) => writable("--json", path)),
    proof: optional(values.proof, (path) => writable("--proof", path)),
    from: mode === "proof" ? sources(values.from) : [],
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        canary: { type: "boolean" },
        planted: { type: "boolean" },
        powertools: { type: "boolean" },
        proof: { type: "string" },
        schedules: { type: "string" },
        seed: { type: "string" },
        scenario: { type: "string" },
        faults: { type: "string" },
        "decisions-max": { type: "string" },
        threads: { type: "string" },
        json: { type: "string" },
        from: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    // The first sentence says it; the rest is about positional arguments, of which there are none.
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    const text = `${what.replace(/\.$/, "")}. See npm run simulate -- --help.`;
    throw new UsageError(text, { cause: error });
  }
}

function modeOf(values: ReturnType<typeof parsed>): Mode {
  const modes = (["canary", "planted", "powertools", "proof"] as const).filter(
    (mode) => values[mode] !== undefined,
  );
  const [mode = "run", other] = modes;
  if (other === undefined) return mode;
  throw new UsageError(`--${mode} and --${other} are two different runs: ask for one of them.`);
}

const optional = <Value>(text: string | undefined, read: (text: string) => Value) =>
  text === undefined ? undefined : read(text);

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`${option} must be a whole number from ${least} to ${most}, got "${text}".`);
}

function faultNames(text: string): readonly string[] {
  if (text === "none") return [];
  const names = text.split(",");
  if (names.every((name) => /^[a-z][a-z-]*$/.test(name))) return [...new Set(names)];
  throw new UsageError(
    `--faults must be names of faults like kill,lost-answer, or none, got "${text}".`,
  );
}

function sources(text: string | undefined): readonly string[] {
  const paths = (text ?? "").split(",").filter((path) => path !== "");
  if (paths.length === 0) {
    throw new UsageError("--proof needs --from a.json,b.json,c.json: the files that --json wrote.");
  }
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) continue;
    throw new UsageError(`--from: there is no file ${path}, make it first with --json ${path}.`);
  }
  return paths;
}

function writable(option: string, path: string): string {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    throw new UsageError(`${option}: there is no folder ${dirname(path)}, make it first.`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new UsageError(`${option}: ${path} is a folder, name a file in it.`);
  }
  return path;
}
