// The document of the proof is made from what the runs answered, and from nothing else.
import { expect, test } from "vitest";
import { UsageError } from "../../../../bin/operator/start-options.ts";
import { proofDocument } from "../../../../bin/simulation/proof-document.ts";
import { proofSources } from "../../../../bin/simulation/proof-sources.ts";
import type {
  ComparisonReport,
  PlantedReport,
  RunReport,
  Side,
} from "../../../../bin/simulation/reports.ts";
import { runBatch } from "#simulation/batch";
import { coverageOf } from "#simulation/coverage";
import { bitesTwice, toyScenario } from "../../../support/simulation/toy-scenario.ts";

const PROVENANCE = {
  commit: "0123456789abcdef0123456789abcdef01234567",
  isCommitted: true,
  date: "2026-01-02",
  node: "v24.0.0",
  cores: 2,
  threads: 2,
};
const MADE = { provenance: PROVENANCE, seconds: 90 };

const toy = toyScenario("toy");

async function run(firstSeed: number, schedules: number, scenario = toy): Promise<RunReport> {
  const totals = await runBatch(scenario, { firstSeed, count: schedules });
  const one = { scenario: scenario.name, totals, coverage: coverageOf(totals, scenario) };
  return { ...MADE, kind: "run", firstSeed, schedules, scenarios: [one] };
}

const PLANTED: PlantedReport = {
  ...MADE,
  kind: "planted",
  firstSeed: 1,
  seedsMax: 10_000,
  bugs: [
    {
      name: "no-fence",
      what: "writes | without the version",
      seeds: 12,
      found: { seed: 12, faults: ["kill"], invariant: 3, detail: "old", step: 4 },
    },
    { name: "shy", what: "hides", seeds: 10_000 },
  ],
};

const CLEAN: Side = { schedules: 200, fired: 30, broken: 0, invariants: {} };
const BROKEN = {
  1: { schedules: 7, firstSeed: 19 },
  11: { schedules: 2, firstSeed: 5 },
  "2 once": { schedules: 1, firstSeed: 3 },
};
const COMPARISON: ComparisonReport = {
  ...MADE,
  kind: "powertools",
  firstSeed: 1,
  schedules: 200,
  rows: [
    { fault: "none", peer: { ...CLEAN, fired: 0 }, product: { ...CLEAN, fired: 0 } },
    {
      fault: "pause",
      peer: { ...CLEAN, broken: 7, invariants: BROKEN },
      product: CLEAN,
    },
  ],
  byHand: [
    {
      what: "a zombie",
      right: { a: [1, 2] },
      peer: { applied: { a: [1, 1, 2] }, deadLettered: 3 },
      product: { applied: { a: [1, 2] }, deadLettered: 0 },
    },
  ],
};

const file = (report: unknown, path = "a.json") => ({ path, text: JSON.stringify(report) });

test("every table is in the document", async () => {
  const document = proofDocument(
    proofSources([file(await run(1, 1_200)), file(PLANTED), file(COMPARISON)]),
  );

  expect(document).toContain("# Proof by simulation\n\nDate: 2026-01-02\n");
  expect(document).toContain(
    "Each of seeds 1 to 1200; commit `0123456789ab`, 2026-01-02, Node v24",
  );
  expect(document).toContain("1 min 30 s on 2 threads, so 20,000 schedules take 25 min 0 s.");
  expect(document).toContain("No schedule broke an invariant. Each fault and each branch");
  expect(document).toMatch(/\| messages applied +\| 96,000 +\|/);
  expect(document).toMatch(/\| virtual time +\| 13 h 20 min +\|/);
  expect(document).toMatch(/\| bark +\| [\d,]+ +\| [\d,]+ +\| 0 +\|/);
  expect(document).toMatch(/\| noisy +\| [\d,]+ +\|/);
  expect(document).toMatch(/\| a zombie +\| a: 1 2 +\| a: 1 1 2, 3 dead-lettered \| so +\|/);
  expect(document).toContain("Found: 1 of 2, the median after 12 seeds.");
  expect(document).toMatch(/\| no-fence \| writes \\\| without the version \| 12 +\| 3, nothing/);
  expect(document).toMatch(/\| shy +\| hides +\| not in 10,000 \|/);
  expect(document).toMatch(
    /\| pause +\| 30 +\| 7 of 200 +\| 1: 7, first 19; 2 once: 1, first 3; 11: 2, first 5 \| 30/,
  );
  expect(document).toContain("Powertools kept every invariant under: `none`.");
  expect(document).toContain("npm run simulate -- --seed 1 --schedules 1200\n");
});

test("a run that broke, or that says nothing, does not look like a proof", async () => {
  const rotten = { ...toyScenario("toy", bitesTwice), branches: ["never"] };
  const document = proofDocument(
    proofSources([file(await run(1, 1_200, rotten)), file(PLANTED), file(COMPARISON)]),
  );

  expect(document).toContain("**Invariants broke.** **The run is not valid**");
  expect(document).toContain("came `never`.");
  expect(document).not.toContain("No schedule broke");
});

test("code that was not committed is named as such", async () => {
  const dirty = { ...(await run(1, 5)), provenance: { ...PROVENANCE, isCommitted: false } };

  const document = proofDocument(proofSources([file(dirty), file(PLANTED), file(COMPARISON)]));

  expect(document).toContain("commit `0123456789ab` with uncommitted changes,");
});

test("parts of a run are put together", async () => {
  const parts = [await run(601, 600), await run(1, 600)];

  const { run: joined } = proofSources(
    [...parts, PLANTED, COMPARISON].map((report) => file(report)),
  );

  const whole = await run(1, 1_200);
  expect(joined).toEqual({ ...whole, seconds: 180 });
});

test.each([
  ["leave out seeds", async () => [await run(1, 5), await run(7, 5)], "do not follow"],
  ["have a seed twice", async () => [await run(1, 5), await run(5, 5)], "do not follow"],
  [
    "are of two commits",
    async () => [
      await run(1, 5),
      { ...(await run(6, 5)), provenance: { ...PROVENANCE, commit: "f" } },
    ],
    "are of two commits",
  ],
  [
    "are of two scenarios",
    async () => [await run(1, 5), await run(6, 5, toyScenario("other"))],
    "are of different scenarios",
  ],
  [
    "had only some faults",
    async () => [{ ...(await run(1, 5)), faults: ["kill"] }],
    "a.json is a run with chosen faults",
  ],
  ["are a canary", async () => [{ ...(await run(1, 5)), kind: "canary" }], "a.json is a canary"],
  ["are missing", async () => [], "found none"],
])("runs that %s are refused", async (_what, runs, message) => {
  const files = [...(await runs()), PLANTED, COMPARISON].map((report) => file(report));

  expect(() => proofSources(files)).toThrow(UsageError);
  expect(() => proofSources(files)).toThrow(message);
});

test("something else is refused by the name of its file", () => {
  expect(() => proofSources([{ path: "notes.txt", text: "hello" }])).toThrow(
    "notes.txt is not what npm run simulate -- --json PATH writes",
  );
  expect(() => proofSources([file({ kind: "replay" }, "report.json")])).toThrow("report.json");
});

test("one search for planted bugs and one comparison belong to it", async () => {
  const one = file(await run(1, 5));

  expect(() => proofSources([one, file(PLANTED)])).toThrow("--powertools --json PATH, found none");
  expect(() => proofSources([one, file(COMPARISON)])).toThrow("--planted --json PATH, found none");
  expect(() => proofSources([one, file(PLANTED), file(PLANTED), file(COMPARISON)])).toThrow(
    "--planted --json PATH, found 2",
  );
});
