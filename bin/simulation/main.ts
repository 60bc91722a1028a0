/**
 * `npm run simulate`: from the options to the exit code.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { Output } from "../operator/progress.ts";
import { UsageError } from "../operator/start-options.ts";
import { simulateOptions, type SimulateOptions, USAGE } from "./options.ts";
import { proofDocument } from "./proof-document.ts";
import { proofSources } from "./proof-sources.ts";
import { EXIT, runMode, type Subjects } from "./modes.ts";

export type Surroundings = Subjects & {
  readonly stdout: Output;
  readonly stderr: Output;
};

/** Answers the exit code. */
export async function simulate(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  try {
    const options = simulateOptions(args);
    if (options.help) {
      stdout.write(USAGE);
      return EXIT.right;
    }
    const { mode, json } = options;
    if (mode === "proof") return writeProof(options, stdout);
    const { report, text, exitCode } = await runMode(mode, options, surroundings, stderr);
    stdout.write(`${text}\n`);
    if (json !== undefined) {
      writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
      stdout.write(`Written to ${json}.\n`);
    }
    return exitCode;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.wrong;
  }
}

function writeProof({ from, proof = "" }: SimulateOptions, stdout: Output): number {
  const files = from.map((path) => ({ path, text: readFileSync(path, "utf8") }));
  writeFileSync(proof, proofDocument(proofSources(files)));
  stdout.write(`Written to ${proof}.\n`);
  return EXIT.right;
}
