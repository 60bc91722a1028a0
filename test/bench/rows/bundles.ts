/**
 * Row 8: what a cold start has to load. Both sides are bundled as the functions here are deployed,
 * and loaded in fresh processes in turn.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunctions } from "#infra/bundle";
import { type BenchRow, rowOf } from "../goals.ts";
import { ratios, rounds } from "../measure/rounds.ts";
import { spreadOf } from "../measure/spread.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");

const ENTRIES = {
  ours: "test/bench/bundles/consumer.ts",
  powertools: "test/bench/bundles/required-stack.ts",
} as const;

/** A consumer of the shop, with everything around it. */
const DEPLOYED = "orders/project";

/** CPU until it is loaded, in ms; what Node itself needs to start is not in it. */
const LOAD = `
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(String((user + system) / 1000));
`;

export async function bundleRows(count: number): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "inorder-bench-"));
  try {
    const names = [...Object.keys(ENTRIES), DEPLOYED];
    const bundles = bundleFunctions({ root: ROOT, names, entries: ENTRIES, folder });
    const kilobytes = (name: string): number => (bundles[name]?.bytes ?? Number.NaN) / 1_000;
    const load = (name: string) => () =>
      Promise.resolve(loadMs(join(bundles[name]?.folder ?? "", "index.js")));
    const times = await rounds({ ours: load("ours"), powertools: load("powertools") }, { count });
    const deployed = kilobytes(DEPLOYED).toFixed(0);
    return [
      rowOf(8, null, {
        ours: kilobytes("ours"),
        powertools: kilobytes("powertools"),
        note: `a deployed consumer, with logs and metrics, has ${deployed} kB`,
      }),
      rowOf(8, null, {
        name: "CPU to load that bundle",
        unit: "ms",
        ours: spreadOf(times.ours).median,
        powertools: spreadOf(times.powertools).median,
        rounds: ratios(times.ours, times.powertools),
      }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the bundle cannot be loaded. */
function loadMs(file: string): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", LOAD, file], {
    encoding: "utf8",
    env: {
      AWS_REGION: "us-east-1",
      POWERTOOLS_DEV: "false",
      AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    },
  });
  if (status !== 0) throw new Error(`${file} cannot be loaded: ${stderr}`);
  return Number(stdout);
}
