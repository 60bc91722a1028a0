/**
 * The servers' log files: a new one for each start, the newest few kept, and the end of one for an
 * error message.
 */
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { logFolder } from "./places.ts";

const filesKept = 5;
const linesShown = 15;

export type LogFile = { readonly path: string; readonly descriptor: number };

/**
 * Opens a new log file for a server on `port`, after removing all but the newest of the older
 * ones.
 */
export function openLogFile(port: number, folder: string = logFolder()): LogFile {
  mkdirSync(folder, { recursive: true });
  removeOldFiles(folder);
  const startedAt = new Date().toISOString().replaceAll(":", "-");
  const path = join(folder, `${startedAt}-port-${port}.log`);
  return { path, descriptor: openSync(path, "a") };
}

export function lastLines(path: string): string {
  // Many starts at once in one checkout may have removed it.
  if (!existsSync(path)) return "(it has been removed)";
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.slice(-linesShown).join("\n");
}

function removeOldFiles(folder: string): void {
  // The names begin with the time, so their order is that of the starts.
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".log"))
    .toSorted();
  for (const name of names.slice(0, Math.max(0, names.length - (filesKept - 1)))) {
    rmSync(join(folder, name), { force: true });
  }
}
