/**
 * Whether a process of this machine still runs, for tests of what must end.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** False for one that has ended, also when nobody has asked for its exit code yet (a zombie). */
export async function isRunning(pid: number): Promise<boolean> {
  const state = await promisify(execFile)("ps", ["-o", "stat=", "-p", String(pid)]).then(
    ({ stdout }) => stdout.trim(),
    () => "",
  );
  return state !== "" && !state.startsWith("Z");
}
