// The main job as its user runs it, against the system that these tests deployed.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, inject, test } from "vitest";
import { type ReplayReport, replayReport } from "#contracts/report";

const { environment } = inject("shop");
const folder = mkdtempSync(join(tmpdir(), "inorder-main-job-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Ended = { readonly code: number; readonly output: string };

const run = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ["bin/start.ts", ...args],
      { env: { ...process.env, ...environment }, maxBuffer: 16 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, output: `${stdout}\n${stderr}` });
      },
    );
  });

const reported = (file: string): ReplayReport =>
  replayReport.parse(JSON.parse(readFileSync(file, "utf8")));

test("real orders are replayed and judged: none is wrong, two halt, sagas compensate", async () => {
  const file = join(folder, "first.json");

  const ended = await run(
    "--once",
    "--orders",
    "25",
    "--duplicates",
    "0.5",
    "--disorder",
    "0.7",
    "--poison",
    "2",
    "--report",
    file,
  );

  expect(ended.code === 0 ? "right" : ended.output).toBe("right");
  const { totals, orders, counters, money, tour } = reported(file);
  expect(totals).toMatchObject({ orders: 25, wrongOrders: 0, oversoldUnits: 0, halted: 2 });
  expect(money.wrong).toEqual([]);
  expect(money.payments).toBeGreaterThan(money.refunds);
  expect(money.refunds).toBeGreaterThan(0);
  expect(tour.map(({ steps }) => steps.at(-1)?.answered)).toEqual([
    "delivered; partially-refunded 100.00",
    expect.stringMatching(/^\d+ on hand, 0 reserved, 0 sold$/),
    expect.stringMatching(/^\d+ on hand, 0 reserved, 0 sold$/),
  ]);
  expect(orders).toHaveLength(25);
  expect(totals.declined).toBeGreaterThanOrEqual(1);
  expect(totals.duplicatesDropped).toBeGreaterThan(0);
  expect(totals.heldAndReleased).toBeGreaterThan(0);
  const { messagesSent, duplicatesDropped, messagesApplied, halted } = totals;
  expect(messagesApplied).toBeLessThanOrEqual(messagesSent - duplicatesDropped - halted);
  expect(counters.placeReadsPerOrder).toBe(1);
  expect(counters.placeWritesPerOrder).toBe(1);
  expect(counters.consumerWritesPerStream).toBeLessThanOrEqual(1);
  expect(counters.sagaTransitionsHappyPath).toBeLessThanOrEqual(8);
});

test("streams that halted go on in line, and all but what halted them is applied", async () => {
  const file = join(folder, "resolved.json");

  const ended = await run(
    "--once",
    "--orders",
    "6",
    "--poison",
    "2",
    "--resolve",
    "skip",
    "--report",
    file,
  );

  expect(ended.code === 0 ? "right" : ended.output).toBe("right");
  const { totals } = reported(file);
  expect(totals).toMatchObject({ orders: 6, wrongOrders: 0, halted: 0, resolved: 2 });
  const { messagesSent, duplicatesDropped, messagesApplied, resolved } = totals;
  expect(messagesApplied).toBe(messagesSent - duplicatesDropped - resolved);
});

test.each([
  { args: ["--orders", "many"], says: /--orders/ },
  { args: ["--orders", "0"], says: /--orders/ },
  { args: ["--duplicates", "2"], says: /--duplicates/ },
  { args: ["--sed", "1"], says: /--sed/ },
  { args: ["--orders-file", "nowhere.csv"], says: /nowhere\.csv/ },
])("wrong options $args are refused in one line", async ({ args, says }) => {
  const ended = await run("--once", ...args);

  expect(ended.code).toBe(2);
  expect(ended.output).toMatch(says);
  expect(ended.output.trim().split("\n").length).toBeLessThanOrEqual(2);
});
