/**
 * `npm run rebuild`: makes a projection anew from what it is a projection of, and puts it in the
 * place of the old one in one step.
 */
import { parseArgs } from "node:util";
import { accountStage, targetUsage } from "./operator/account-stage.ts";
import { attach } from "./operator/attach.ts";
import { phasesOn } from "./operator/progress.ts";
import { type Projection, PROJECTIONS } from "./operator/projections.ts";
import { UsageError } from "./operator/start-options.ts";

const USAGE = `Usage: npm run rebuild -- --projection NAME [--abandon]

Reads the truth, makes the projection of it anew and puts it in the place of the old one, which
answers until then. It may be run at any time and as often as you like; after one that was stopped,
it goes on where that ended.

  --projection NAME  ${Object.keys(PROJECTIONS).join(", ")}
  --abandon          gives up what a rebuild that was stopped has begun, instead of going on with it
${targetUsage(21)}
  --help             this text
`;

const EXIT = { done: 0, failed: 1, usage: 2 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { projection, target, abandon, help } = parsed(args);
    if (help === true) {
      console.log(USAGE);
      return EXIT.done;
    }
    const act = acting(projection ?? "", abandon === true);
    const attached = await attach(accountStage(target), process.env);
    const phases = phasesOn(process.stderr, () => performance.now());
    try {
      console.log(`${await act(attached, phases)}, in ${attached.name}.`);
    } finally {
      phases.end();
    }
    return EXIT.done;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

function acting(name: string, isAbandoned: boolean): Projection["rebuild"] {
  const projection = Object.hasOwn(PROJECTIONS, name) ? PROJECTIONS[name] : undefined;
  if (projection === undefined) {
    const known = Object.keys(PROJECTIONS).join(", ");
    throw new UsageError(`--projection must be one of ${known}, got "${name}".`);
  }
  if (!isAbandoned) return projection.rebuild;
  if (projection.abandon !== undefined) return projection.abandon;
  throw new UsageError(`A rebuild of ${name} that is stopped leaves nothing to --abandon.`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        projection: { type: "string" },
        target: { type: "string" },
        abandon: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split(/\.\s/);
    throw new UsageError(`${what.replace(/\.$/, "")}. See npm run rebuild -- --help.`, {
      cause: error,
    });
  }
}
