// `npm run simulate` from its options to its exit code, with real threads: over scenarios of a few
// lines, and once over the real ones.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { simulate } from "../../bin/simulation/main.ts";
import { EXIT } from "../../bin/simulation/modes.ts";
import type { PlantedReport, RunReport } from "../../bin/simulation/reports.ts";
import { openThreads } from "../../bin/simulation/threads.ts";
import { runNode } from "../support/run-command.ts";
import { catalogue as broken } from "../support/simulation/broken-catalogue.ts";
import { catalogue as sound } from "../support/simulation/sound-catalogue.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "inorder-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));

const CATALOGUES = {
  sound: {
    catalogue: sound,
    catalogueUrl: new URL("../support/simulation/sound-catalogue.ts", import.meta.url),
  },
  broken: {
    catalogue: broken,
    catalogueUrl: new URL("../support/simulation/broken-catalogue.ts", import.meta.url),
  },
} as const;

async function run(which: keyof typeof CATALOGUES, text: string) {
  let stdout = "";
  let stderr = "";
  const code = await simulate(text.split(" "), {
    ...CATALOGUES[which],
    stdout: { write: (more) => (stdout += more) },
    stderr: { write: (more) => (stderr += more) },
  });
  return { code, stdout, stderr };
}

function written<Report>(name: string): Report {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as Report;
}

test("a sound product: what was run, what came up, and exit code 0", async () => {
  const { code, stdout } = await run("sound", "--schedules 1200 --seed 5 --threads 2");

  expect(code).toBe(EXIT.right);
  expect(stdout).toContain("toy: 1,200 schedules, seeds 5 to 1204");
  expect(stdout).toContain(
    "virtual time 13 h 20 min, 96,000 messages applied, 40 steps a schedule",
  );
  expect(stdout).toMatch(/^ {2}bark +[\d,]+ +[\d,]+ +0$/m);
  expect(stdout).toMatch(/^ {2}noisy +[\d,]+$/m);
  expect(stdout).toContain("at least 2 times.");
  expect(stdout).toContain("No breach.");
});

test("the number of threads changes nothing", async () => {
  const options = "--scenario toy --schedules 333 --seed 9";
  await run("broken", `${options} --threads 1 --json ${join(folder, "one.json")}`);
  await run("broken", `${options} --threads 2 --json ${join(folder, "two.json")}`);

  const [one, two] = [written<RunReport>("one.json"), written<RunReport>("two.json")];

  expect(one.scenarios[0]?.totals.schedules).toBe(333);
  expect(one.scenarios[0]?.totals.broken).toBeGreaterThan(10);
  expect(JSON.stringify(two.scenarios)).toBe(JSON.stringify(one.scenarios));
});

test("few schedules are run, but not judged", async () => {
  const { code, stdout } = await run("sound", "--schedules 3 --threads 1");

  expect(code).toBe(EXIT.right);
  expect(stdout).toContain("Too few schedules to say whether every fault and branch came up");
});

test("a branch that is never reached makes the run invalid", async () => {
  const { code, stdout } = await run("broken", "--scenario narrow --schedules 1000 --threads 1");

  expect(code).toBe(EXIT.invalid);
  expect(stdout).toContain("INVALID: under the minimum of 2 times: never-reached (0).");
});

test("a breach is printed small, and its one command shows the same again", async () => {
  const { code, stdout } = await run("broken", "--scenario toy --schedules 100 --threads 2");

  expect(code).toBe(EXIT.wrong);
  expect(stdout).toMatch(/faults +bark, bite\n/);
  expect(stdout).toContain("invariant  3, nothing written from an old version");
  expect(stdout).toContain("detail     2 bites");

  const [, command = ""] = /npm run simulate -- (.+)/.exec(stdout) ?? [];
  expect(command).toMatch(
    /^--scenario toy --seed \d+ --schedules 1 --faults bark,bite --decisions-max \d+$/,
  );
  const again = await run("broken", command);
  expect(again.code).toBe(EXIT.wrong);
  expect(breachIn(again.stdout)).toBe(breachIn(stdout));
  expect(stdout).toMatch(/trace +\d+ lines.*\n( {4}\d+ (bark|bite)\n)+Run it again/);
});

const breachIn = (text: string): string =>
  /BREACH[^]*--decisions-max \d+/.exec(text)?.[0] ?? "no breach";

test("a canary is found, and does not count as right", async () => {
  const { code, stdout } = await run("sound", "--canary --schedules 50 --threads 2");

  expect(code).toBe(EXIT.wrong);
  expect(stdout).toContain("--scenario planted/bites --seed");
  expect(stdout).toContain("This was the canary, a bug planted on purpose: it was found");
});

test("a canary that nobody finds does not look like one that was found", async () => {
  const { code, stdout } = await run("broken", "--canary --schedules 50 --threads 2");

  expect(code).toBe(EXIT.right);
  expect(stdout).toContain("it was NOT found");
});

test("planted bugs are found, each at its first seed", async () => {
  const json = join(folder, "planted.json");
  const { code, stdout } = await run("sound", `--planted --threads 2 --json ${json}`);

  expect(code).toBe(EXIT.right);
  expect(stdout).toContain("found 2 / 2");
  const { bugs } = written<PlantedReport>("planted.json");
  expect(bugs.map(({ name }) => name)).toEqual(["bites", "howls"]);
  expect(bugs[1]?.found).toMatchObject({ seed: bugs[1]?.seeds, invariant: 9, detail: "howls" });
  expect(bugs[1]?.seeds).toBeGreaterThanOrEqual(7);
});

test("a planted bug that is not found is an error", async () => {
  const { code, stdout } = await run("broken", "--planted --schedules 250 --threads 2");

  expect(code).toBe(EXIT.wrong);
  expect(stdout).toMatch(/harmless +nothing is wrong +not in 250\n/);
  expect(stdout).toContain("found 1 / 2");
});

test("the peer stands beside the product, under each fault alone", async () => {
  const { code, stdout } = await run("sound", "--powertools --schedules 20 --threads 2");

  expect(code).toBe(EXIT.right);
  expect(stdout).toMatch(/^ {2}none +0 +0 of 20 +0 +0 of 20$/m);
  expect(stdout).toMatch(/^ {2}bark +\d+ +0 of 20 +\d+ +0 of 20$/m);
  expect(stdout).toMatch(/^ {2}bite +\d+ +20 of 20 +1: 20, first 1 +\d+ +0 of 20$/m);
  expect(stdout).toContain("Powertools breaks an invariant under: bite, all");
  expect(stdout).toContain("the product breaks one under: none");
});

test.each([
  ["--faults purr", "there is no fault purr: name some of bark, bite, chase, dig, howl, or none."],
  ["--powertools --faults purr", "there is no fault purr"],
  [
    "--scenario nothing",
    'there is no scenario "nothing": name one of toy, peer, toy/like-peer, planted/NAME.',
  ],
  ["--scenario planted/nothing", "name one of planted/bites, planted/howls."],
  ["--schedules none", "--schedules must be a whole number"],
])("%s is refused before anything runs", async (text, message) => {
  const { code, stdout, stderr } = await run("sound", text);

  expect(code).toBe(EXIT.usage);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
});

test("a schedule that throws ends the run with its seed", async () => {
  const { code, stderr } = await run("broken", "--scenario throwing --schedules 2 --threads 1");

  expect(code).toBe(EXIT.wrong);
  expect(stderr).toContain("the schedule of seed 1 of throwing threw");
  expect(stderr).toContain("no luck with 1");
});

test("what a schedule rejects and nobody waits for ends the run with its seed", async () => {
  const options = "--scenario rejecting --schedules 6 --threads 1";
  const { code, stderr } = await run("broken", options);

  expect(code).toBe(EXIT.wrong);
  expect(stderr).toContain("the schedule of seed 3 of rejecting threw, and nobody caught it");
  expect(stderr).toContain("nobody waits for this");
});

test("a schedule that never ends is ended, with its seed", async () => {
  const { catalogueUrl } = CATALOGUES.broken;
  const threads = openThreads({ catalogueUrl, count: 1, silenceMsMax: 1_000 });
  try {
    const batch = { firstSeed: 77, count: 1 };
    await expect(threads.runBatch("silent", batch)).rejects.toThrow("seed 77 of silent runs");
    await expect(threads.runBatch("toy", batch)).rejects.toThrow("seed 77 of silent runs");
  } finally {
    await threads.close();
  }
});

test("the command itself runs the real scenario", async () => {
  const { exitCode, output } = await runNode(
    [join(root, "bin/simulate.ts"), "--schedules", "10", "--seed", "3"],
    { cwd: root, limitMs: 60_000 },
  );

  expect({ exitCode, output }).toMatchObject({ exitCode: EXIT.right });
  expect(output).toContain("messaging: 10 schedules, seeds 3 to 12");
  expect(output).toContain("No breach.");
});

test("the command finds its canary, and what it prints shows the same again", async () => {
  const options = { cwd: root, limitMs: 100_000 };
  const script = join(root, "bin/simulate.ts");

  const found = await runNode([script, "--canary", "--schedules", "60"], options);
  const [, command = ""] = /npm run simulate -- (.+)/.exec(found.stdout) ?? [];
  const again = await runNode([script, ...command.split(" ")], options);

  expect(found.exitCode).toBe(EXIT.wrong);
  expect(found.stdout).toContain("This was the canary, a bug planted on purpose: it was found");
  expect(again.exitCode).toBe(EXIT.wrong);
  expect(breachIn(again.stdout)).toContain("invariant ");
  expect(breachIn(again.stdout)).toBe(breachIn(found.stdout));
});

test("the command shows what kills alone do to Powertools, and not to the product", async () => {
  const { exitCode, stdout } = await runNode(
    [join(root, "bin/simulate.ts"), "--powertools", "--faults", "kill", "--schedules", "8"],
    { cwd: root, limitMs: 100_000 },
  );

  expect(exitCode).toBe(EXIT.right);
  expect(stdout).toMatch(/^ {2}none +0 +0 of 8 +0 +0 of 8$/m);
  expect(stdout).toMatch(/^ {2}kill +\d+ +[1-8] of 8 .*2 once: [1-8], first \d.* 0 of 8$/m);
});

test("the command's exit code tells of a wrong option", async () => {
  const { exitCode, output } = await runNode([join(root, "bin/simulate.ts"), "--faults", "sleep"], {
    cwd: root,
    limitMs: 60_000,
  });

  expect(exitCode).toBe(EXIT.usage);
  expect(output).toMatch(/there is no fault sleep: name some of .* kill, /);
});
