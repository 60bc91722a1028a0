/**
 * Runs one of test/local-cloud/probes inside MiniStack's own Python process and reads what it
 * counted.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonFile } from "../../local-cloud/places.ts";

const probes = join(import.meta.dirname, "..", "local-cloud", "probes");
const limitMs = 60_000;

export type ProbeAnswers = { readonly unrepaired: unknown; readonly repaired: unknown };

/** @param repair the repair's name, that of its file in local-cloud/repairs */
export async function probeBoth(probe: string, repair: string): Promise<ProbeAnswers> {
  const [unrepaired, repaired] = await Promise.all([run(probe, "stock"), run(probe, repair)]);
  return { unrepaired, repaired };
}

async function run(probe: string, repair: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(
    pythonFile(),
    [join(probes, `${probe}.py`), repair],
    {
      timeout: limitMs,
      env: { ...process.env, LOG_LEVEL: "ERROR" },
    },
  );
  const lastLine = stdout.trimEnd().split("\n").at(-1) ?? "";
  return JSON.parse(lastLine);
}
