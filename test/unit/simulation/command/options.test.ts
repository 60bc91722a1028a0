// The simulator's options: defaults, and one clear line for whatever is wrong.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../../../../bin/operator/start-options.ts";
import { simulateOptions } from "../../../../bin/simulation/options.ts";

const folder = mkdtempSync(join(tmpdir(), "inorder-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const source = join(folder, "run.json");
writeFileSync(source, "{}");

const optionsOf = (text: string) => simulateOptions(text.split(" ").filter((word) => word !== ""));

test("without options the defaults hold", () => {
  expect(optionsOf("")).toEqual({
    mode: "run",
    help: false,
    schedules: 1_000,
    seed: 1,
    scenario: undefined,
    faults: undefined,
    decisionsMax: undefined,
    threads: undefined,
    json: undefined,
    proof: undefined,
    from: [],
  });
});

test("every option of a run is read", () => {
  const json = join(folder, "out.json");
  const text =
    "--schedules 20000 --seed 7 --scenario messaging --faults kill,lost-answer " +
    `--decisions-max 3 --threads 2 --json ${json}`;

  expect(optionsOf(text)).toMatchObject({
    mode: "run",
    schedules: 20_000,
    seed: 7,
    scenario: "messaging",
    faults: ["kill", "lost-answer"],
    decisionsMax: 3,
    threads: 2,
    json,
  });
});

test("no fault at all can be asked for", () => {
  expect(optionsOf("--faults none").faults).toEqual([]);
});

test("a fault that is named twice is one", () => {
  expect(optionsOf("--faults kill,kill").faults).toEqual(["kill"]);
});

test.each([
  ["--canary", "canary", 1_000],
  ["--planted", "planted", 10_000],
  ["--powertools", "powertools", 200],
] as const)("%s has its own number of schedules", (text, mode, schedules) => {
  expect(optionsOf(text)).toMatchObject({ mode, schedules });
  expect(optionsOf(`${text} --schedules 5`).schedules).toBe(5);
});

test("a document is made from files", () => {
  const proof = join(folder, "proof.md");

  expect(optionsOf(`--proof ${proof} --from ${source},${source}`)).toMatchObject({
    mode: "proof",
    proof,
    from: [source, source],
  });
});

test.each([
  ["--schedules many", '--schedules must be a whole number from 1 to 10000000, got "many".'],
  ["--schedules 0", "--schedules"],
  ["--schedules 1.5", "--schedules"],
  ["--schedules -5", "--schedules"],
  ["--schedules", "--schedules"],
  ["--seed x", "--seed"],
  ["--seed 4294967296", "--seed"],
  ["--seed 4294967295 --schedules 2", "passes the last seed"],
  ["--decisions-max -1", "--decisions-max"],
  ["--threads 0", "--threads must be a whole number from 1 to 256"],
  ["--faults", "--faults"],
  [
    "--faults kill,,pause",
    '--faults must be names of faults like kill,lost-answer, or none, got "',
  ],
  ["--faults Kill", "--faults"],
  ["--json missing/out.json", "--json: there is no folder missing, make it first."],
  [`--json ${folder}`, "is a folder, name a file in it"],
  ["--canary --planted", "--canary and --planted are two different runs"],
  ["--planted --faults kill", "--faults does not go with --planted"],
  ["--planted --scenario x", "--scenario does not go with --planted"],
  ["--canary --scenario x", "--scenario does not go with --canary"],
  ["--powertools --decisions-max 1", "--decisions-max does not go with --powertools"],
  ["--from a.json", "--from needs --proof"],
  [`--proof ${folder}/p.md --seed 2 --from ${source}`, "--seed does not go with --proof"],
  [`--proof ${folder}/p.md`, "--proof needs --from a.json,b.json,c.json"],
  [`--proof ${folder}/p.md --from nowhere.json`, "--from: there is no file nowhere.json"],
  [`--proof nowhere/p.md --from ${source}`, "--proof: there is no folder nowhere"],
  ["--powertool", "--powertool"],
  ["20000", "20000"],
])("%s is refused", (text, message) => {
  expect(() => optionsOf(text)).toThrow(UsageError);
  expect(() => optionsOf(text)).toThrow(message);
});

test("help says all of it", () => {
  expect(optionsOf("--help").help).toBe(true);
});
