/**
 * One server process with its process group: started so that it cannot outlive us, and ended so
 * that none of its functions' processes outlives it.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { LogFile } from "./log-file.ts";
import { launcherFile, pythonFile } from "./places.ts";

export type ServerProcess = {
  readonly pid: number;
  /** Settles when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Ends the process and its group within a bounded time and removes its folder. */
  end(): Promise<void>;
};

const politeLimitMs = 5_000;
const killLimitMs = 5_000;

export function startServerProcess(
  environment: Readonly<Record<string, string>>,
  temporaryFolder: string,
  log: LogFile,
): ServerProcess {
  const child = spawn(pythonFile(), ["-u", launcherFile()], {
    cwd: temporaryFolder,
    env: environment,
    // Standard input is the server's line to us: the launcher ends its whole group when that is
    // closed.
    stdio: ["pipe", log.descriptor, log.descriptor],
    detached: process.platform !== "win32",
  });
  closeSync(log.descriptor);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // Writing is not what the line is for; a server that has just ended must not raise EPIPE here.
  child.stdin?.on("error", () => undefined);

  const hasEnded = () =>
    child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded,
    async end() {
      if (!hasEnded()) {
        signalGroup(child, "SIGTERM");
        await Promise.race([ended, pause(politeLimitMs, undefined, { ref: false })]);
      }
      signalGroup(child, "SIGKILL");
      await Promise.race([ended, pause(killLimitMs, undefined, { ref: false })]);
      rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * The group outlives its leader while any member lives, so this also reaches what an ended server
 * left.
 */
function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
