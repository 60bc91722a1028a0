/**
 * `npm run lock`: writes the lock file for package.json, and completes it. A registry mirror may
 * lack optional packages of other platforms; npm then leaves them out of the lock file without a
 * word, and `npm ci` refuses it everywhere.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SYSTEMS = "aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(
  " ",
);
const PROCESSORS = "arm arm64 ia32 loong64 ppc64 riscv64 s390x wasm32 x64".split(" ");

const root = join(fileURLToPath(import.meta.url), "..", "..", "..");
const file = join(root, "package-lock.json");

const npm = ["install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"];
const { status } = spawnSync("npm", npm, { cwd: root, stdio: "inherit" });
if (status !== 0) process.exit(status ?? 1);

const lock = JSON.parse(readFileSync(file, "utf8"));
let added = 0;
for (const [path, parent] of Object.entries(lock.packages)) {
  if (path === "") continue;
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const isThere = `${path}/node_modules/${name}` in lock.packages;
    if (isThere || `node_modules/${name}` in lock.packages) continue;
    lock.packages[`node_modules/${name}`] = platformPackage(name, version, parent);
    added += 1;
  }
}
lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.error(`package-lock.json: ${added} packages of other platforms added.`);

/** Its name says where it belongs: `@esbuild/linux-arm64`, `@biomejs/cli-linux-x64-musl`. */
function platformPackage(name, version, parent) {
  const words = name.split("/").at(-1).split("-");
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    console.error(`${name}@${version} names no platform: add it to package-lock.json by hand.`);
    process.exit(1);
  }
  const musl = words.some((word) => word.startsWith("musl")) ? ["musl"] : undefined;
  const gnu =
    os === "linux" && words.some((word) => word.startsWith("gnu")) ? ["glibc"] : undefined;
  const libc = musl ?? gnu;
  return {
    version,
    cpu: [cpu],
    ...(parent.dev === true ? { dev: true } : {}),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    os: [os],
  };
}
