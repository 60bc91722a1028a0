/**
 * The local cloud's virtual environment with exactly the packages of local-cloud/requirements.txt.
 * One that was left half made has no stamp and is made again.
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join, normalize } from "node:path";
import { Complaint, fingerprint, isStamped, root, writeStamp } from "./checkout.mjs";
import { runStep } from "./processes.mjs";

const requirements = join(root, "local-cloud", "requirements.txt");
const folder = join(root, ".local-cloud", "venv");
const stamp = join(folder, ".inorder-requirements");
const python =
  process.platform === "win32"
    ? join(folder, "Scripts", "python.exe")
    : join(folder, "bin", "python");

/** Settings of the machine that would send packages elsewhere than into the environment. */
const elsewhere = ["PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"];
const wanted = { major: 3, minor: 10 };
const alwaysNeeding = ["bin/test.ts", "bin/cloud.ts"].map(normalize);
const neverNeeding = ["bin/check.ts", "bin/deploy.ts", "bin/simulate.ts"].map(normalize);

/**
 * Tests start their own local cloud; other scripts use the endpoint of the environment when there
 * is one.
 */
export function pythonIsNeeded(script) {
  if (alwaysNeeding.includes(normalize(script))) return true;
  if (neverNeeding.includes(normalize(script))) return false;
  return !process.env.AWS_ENDPOINT_URL;
}

export function pythonIsInstalled() {
  // A link to a Python that the machine no longer has does not exist either.
  return existsSync(python) && isStamped(stamp, fingerprint(requirements));
}

export async function installPython() {
  const print = fingerprint(requirements);
  const { command, first } = findPython();
  rmSync(folder, { recursive: true, force: true });
  await runStep(
    "making the local cloud's Python environment",
    command,
    [...first, "-m", "venv", folder],
    {
      env: cleanEnvironment(),
      hint: "if it names ensurepip, install the package python3-venv",
    },
  );
  const pip = ["-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input"];
  await runStep(
    "installing the local cloud",
    python,
    [...pip, "--disable-pip-version-check", "-r", requirements],
    { env: cleanEnvironment() },
  );
  writeStamp(stamp, print);
}

function findPython() {
  const candidates = [
    { command: "python3", first: [] },
    { command: "python", first: [] },
    ...(process.platform === "win32" ? [{ command: "py", first: ["-3"] }] : []),
  ];
  const versions = [];
  for (const candidate of candidates) {
    const version = versionOf(candidate);
    if (version === undefined) continue;
    if (version.major === wanted.major && version.minor >= wanted.minor) return candidate;
    versions.push(`${candidate.command} ${version.major}.${version.minor}`);
  }
  const found = versions.length === 0 ? "none was found" : `found ${versions.join(" and ")}`;
  throw new Complaint(
    `set-up: the local cloud needs Python ${wanted.major}.${wanted.minor} or newer, ${found}: ` +
      "install python3 with python3-venv",
  );
}

function versionOf({ command, first }) {
  const ask = "import sys; print(*sys.version_info[:2])";
  const result = spawnSync(command, [...first, "-c", ask], { encoding: "utf8" });
  const numbers = /^(\d+) (\d+)\s*$/.exec(result.stdout ?? "");
  if (result.status !== 0 || numbers === null) return undefined;
  return { major: Number(numbers[1]), minor: Number(numbers[2]) };
}

function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !elsewhere.includes(name)),
  );
}
