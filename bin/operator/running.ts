/**
 * Where the main job that runs in this checkout is, so that the operator's commands in another
 * terminal find it without being told. A note in the checkout's own state, never a port that is
 * tried.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const NOTE = join(import.meta.dirname, "..", "..", ".local-cloud", "running.json");

export type Running = { readonly pid: number; readonly endpoint: string };

/** From now on the commands find this process's local cloud. Answers how to take it back. */
export function announce(endpoint: string, note = NOTE): () => void {
  const own: Running = { pid: process.pid, endpoint };
  mkdirSync(dirname(note), { recursive: true });
  writeFileSync(note, JSON.stringify(own));
  return () => {
    // Another main job may have been started since.
    if (read(note)?.pid === own.pid) rmSync(note, { force: true });
  };
}

/** Undefined: none runs. What a killed one has left behind counts for nothing. */
export function findRunning(note = NOTE): Running | undefined {
  const found = read(note);
  return found !== undefined && isAlive(found.pid) ? found : undefined;
}

function read(note: string): Running | undefined {
  if (!existsSync(note)) return undefined;
  try {
    const { pid, endpoint } = JSON.parse(readFileSync(note, "utf8")) as Partial<Running>;
    return typeof pid === "number" && typeof endpoint === "string" ? { pid, endpoint } : undefined;
  } catch {
    // Half written: its writer was killed.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of somebody else is one all the same.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
