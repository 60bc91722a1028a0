/**
 * Where the set-up works, how it marks a finished step, and how it complains.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Something that the person at the keyboard must mend; its message is all that is shown. */
export class Complaint extends Error {}

/** What a step was done for: the file's content, on this kind of machine. */
export function fingerprint(file) {
  return createHash("sha256")
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(file))
    .digest("hex");
}

/** True when the step marked by `stamp` was finished for just this fingerprint. */
export function isStamped(stamp, print) {
  try {
    return readFileSync(stamp, "utf8").trim() === print;
  } catch {
    return false;
  }
}

/** Marks a step as finished, in one go: an interrupted step leaves no mark and is done again. */
export function writeStamp(stamp, print) {
  mkdirSync(dirname(stamp), { recursive: true });
  const half = `${stamp}.${process.pid}`;
  writeFileSync(half, `${print}\n`);
  renameSync(half, stamp);
}

export function removeStamp(stamp) {
  rmSync(stamp, { force: true });
}
