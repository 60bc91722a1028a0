/**
 * What a result was made from: enough to make it again, nothing about whose machine it was.
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

export type Provenance = {
  /** `unknown` outside of a git checkout. */
  readonly commit: string;
  /** Whether the code that ran was the commit's. */
  readonly isCommitted: boolean;
  /** The day, in UTC. */
  readonly date: string;
  readonly node: string;
  readonly cores: number;
  readonly threads: number;
};

const CODE = ["bin", "lib", "test/simulation", "package-lock.json"];

export function provenance(threads: number): Provenance {
  const commit = git("rev-parse", "HEAD");
  return {
    commit: commit ?? "unknown",
    isCommitted: commit !== undefined && git("status", "--porcelain", "--", ...CODE) === "",
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    threads,
  };
}

function git(...args: readonly string[]): string | undefined {
  const cwd = join(import.meta.dirname, "..", "..");
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync("git", [...args], { cwd, encoding: "utf8", stdio: [...stdio] }).trim();
  } catch {
    return undefined;
  }
}
