/**
 * The processes that the set-up starts: its own quiet steps, and the script at the end, which gets
 * the terminal, the signals and the last word on the exit code.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { Complaint, root } from "./checkout.mjs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
const firstLinesShown = 12;
const lastLinesShown = 12;
const bytesKept = 64 * 1024;

/** A signal ended the work; not an error to talk about. */
export class Interrupted extends Error {
  constructor(signal) {
    super(`ended by ${signal}`);
    this.exitCode = exitCodeOf(signal);
  }
}

/**
 * Runs one step of the set-up without its noise and says how long it took.
 *
 * @param options.hint what else to say when it fails; options.missing what to say when there is
 * no such command
 * @throws Complaint with the end of its output when it fails, Interrupted at a signal
 */
export async function runStep(title, command, args, options = {}) {
  const ended = announce(title);
  const child = spawn(command, args, {
    cwd: root,
    env: options.env ?? process.env,
    shell: options.shell ?? false,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text) => {
      output = (output + text).slice(-bytesKept);
    });
  }
  const { code, signal, error, received } = await endOf(child);
  const wentWell = received === undefined && error === undefined && code === 0;
  ended(wentWell ? "" : `${received === undefined ? "failed" : "stopped"} after `);
  if (received !== undefined) throw new Interrupted(received);
  if (error?.code === "ENOENT" && options.missing) {
    throw new Complaint(`set-up: ${options.missing}`);
  }
  if (!wentWell) {
    const why = error?.message ?? (signal === null ? `exit code ${code}` : signal);
    const hint = options.hint === undefined ? "" : `\nset-up: ${options.hint}`;
    throw new Complaint(`set-up: ${title} failed (${why})\n${bothEnds(output)}${hint}`);
  }
}

/** npm names the cause first and pip last, each with much between. */
function bothEnds(output) {
  const lines = output.trimEnd().split("\n");
  if (lines.length <= firstLinesShown + lastLinesShown) return lines.join("\n");
  return [...lines.slice(0, firstLinesShown), "...", ...lines.slice(-lastLinesShown)].join("\n");
}

/** Runs the script in the foreground; resolves to the exit code to end with. */
export async function runScript(node, script, args) {
  const bin = join(root, "node_modules", ".bin");
  const child = spawn(node, [script, ...args], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, PATH: [bin, process.env.PATH ?? ""].join(delimiter) },
  });
  const { code, signal, error } = await endOf(child);
  if (error !== undefined) throw new Complaint(`set-up: cannot run ${script}: ${error.message}`);
  return code ?? exitCodeOf(signal);
}

/**
 * Waits for a process to end and meanwhile passes signals on; the set-up itself ends after it,
 * not before.
 */
async function endOf(child) {
  let received;
  const pass = (signal) => {
    received = signal;
    // A terminal sends Ctrl-C to the whole group: the process already has it.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise((resolve) => {
      child.once("error", (error) => resolve({ error, received }));
      child.once("close", (code, signal) => resolve({ code, signal, received }));
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}

/** Says what goes on, with the seconds running on a terminal; returns what says how it ended. */
function announce(title) {
  const startedAtMs = performance.now();
  const seconds = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
  const beginning = `set-up: ${title} ... `;
  process.stderr.write(beginning);
  const ticking = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r${beginning}${seconds()}`), 200)
    : undefined;
  return (outcome) => {
    clearInterval(ticking);
    process.stderr.write(`${process.stderr.isTTY ? `\r${beginning}` : ""}${outcome}${seconds()}\n`);
  };
}

function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}
