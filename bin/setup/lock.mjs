/**
 * One set-up at a time in a checkout: a lock file that holds its owner's process id. A lock whose
 * owner is dead (Ctrl-C, kill, power cut) is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Complaint, root } from "./checkout.mjs";

const folder = join(root, ".local-cloud");
const lock = join(folder, "setup.lock");
const waitLimitMs = Number(process.env.INORDER_SETUP_WAIT_SECONDS ?? 600) * 1000;
const waitEveryMs = 100;

/** Runs `work` while holding the lock; complains when another set-up holds it for too long. */
export async function withLock(work) {
  mkdirSync(folder, { recursive: true });
  await acquire();
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function acquire() {
  const deadlineMs = performance.now() + waitLimitMs;
  let said = false;
  while (!tryToTake()) {
    const owner = ownerOf(lock);
    if (owner !== undefined && !isAlive(owner)) {
      removeStale(owner);
      continue;
    }
    if (performance.now() > deadlineMs) {
      throw new Complaint(
        `set-up: process ${owner} has been setting up this checkout for ${waitLimitMs / 1000} s; ` +
          `end it, or remove ${lock} if it is something else`,
      );
    }
    if (!said) process.stderr.write(`set-up: waiting for another set-up (process ${owner})\n`);
    said = true;
    await pause(waitEveryMs);
  }
}

/** A link appears with its content or not at all, and not over another. */
function tryToTake() {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function ownerOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/**
 * Another set-up may have taken the stale lock over in between: then what was moved away is put
 * back.
 */
function removeStale(deadOwner) {
  const moved = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, moved);
    if (ownerOf(moved) !== deadOwner) linkSync(moved, lock);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(moved, { force: true });
  }
}
