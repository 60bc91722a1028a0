/**
 * Where the local cloud's files are in a checkout. Everything that it makes stays under `.local-
 * cloud/`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

const projectFolder = join(import.meta.dirname, "..");
const stateFolder = join(projectFolder, ".local-cloud");

export function launcherFile(): string {
  return join(import.meta.dirname, "launch.py");
}

export function logFolder(): string {
  return join(stateFolder, "logs");
}

/** The interpreter of the project's virtual environment, which `bin/setup.mjs` makes. */
export function pythonFile(): string {
  return process.platform === "win32"
    ? join(stateFolder, "venv", "Scripts", "python.exe")
    : join(stateFolder, "venv", "bin", "python");
}

/** @throws Error that says how to set the local cloud up, when it is not. */
export function requirePython(): void {
  if (existsSync(pythonFile())) return;
  throw new Error(
    `The local cloud is not set up: ${pythonFile()} is missing. Run \`npm run cloud\` or ` +
      "`npm test`, which make it.",
  );
}
