import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { kindsOf } from "../support/kinds.ts";
import { findRedisServer, REDIS_TESTS, WITHOUT_REDIS } from "../support/redis-server.ts";
import { runNode } from "../support/run-command.ts";
import { countsOf } from "../support/run-kind.ts";
import { repositoryRoot } from "./tree.ts";

const report = (...statuses: readonly string[]) => ({
  numTotalTests: statuses.length,
  numPassedTests: statuses.filter((status) => status === "passed").length,
  testResults: [
    {
      status: statuses.includes("failed") ? "failed" : "passed",
      assertionResults: statuses.map((status) => ({ status })),
    },
  ],
});

test("a run counts what passed and what failed", () => {
  expect(countsOf(report("passed", "passed", "failed"), 1)).toEqual({ passed: 2, failed: 1 });
  expect(countsOf(report("passed"), 0)).toEqual({ passed: 1, failed: 0 });
});

test("a test that did not run has failed", () => {
  expect(countsOf(report("passed", "pending", "todo"), 0)).toEqual({ passed: 1, failed: 2 });
});

test("a file that could not be loaded has failed once", () => {
  const { testResults, ...numbers } = report("passed");
  const unloaded = { status: "failed", assertionResults: [] };

  expect(countsOf({ ...numbers, testResults: [...testResults, unloaded] }, 1)).toEqual({
    passed: 1,
    failed: 1,
  });
});

test("a runner that writes no report, finds no tests or ends badly has failed", () => {
  expect(countsOf(undefined, 0)).toEqual({ passed: 0, failed: 1 });
  expect(countsOf({ numTotalTests: 0, numPassedTests: 0, testResults: [] }, 0)).toEqual({
    passed: 0,
    failed: 1,
  });
  expect(countsOf(report("passed"), 1)).toEqual({ passed: 1, failed: 1 });
});

test("a tool's exit code and both its outputs are kept", async () => {
  const script = "console.log('out'); console.error('err'); process.exitCode = 3;";
  const result = await runNode(["--eval", script], { cwd: repositoryRoot, limitMs: 60_000 });

  expect(result).toMatchObject({ exitCode: 3, stdout: "out\n" });
  expect(result.output).toContain("err");
});

test("a tool that hangs is ended and has failed", async () => {
  const script = "setInterval(() => {}, 1000)";
  const result = await runNode(["--eval", script], { cwd: repositoryRoot, limitMs: 500 });

  expect(result).toMatchObject({ exitCode: 1, output: "ended by SIGKILL" });
});

test("every kind of test has its own npm script", () => {
  const text = readFileSync(join(repositoryRoot, "package.json"), "utf8");
  const { scripts } = JSON.parse(text) as { readonly scripts: Readonly<Record<string, string>> };

  const expected = kindsOf(repositoryRoot).map((kind) => [
    `test:${kind}`,
    `node bin/setup.mjs bin/test.ts ${kind}`,
  ]);
  expect(scripts).toMatchObject(Object.fromEntries(expected) as Record<string, string>);
});

test("a Redis server is found by either name, or not at all", () => {
  const folder = mkdtempSync(join(tmpdir(), "inorder-path-"));
  expect(findRedisServer("")).toBeUndefined();
  expect(findRedisServer(folder)).toBeUndefined();

  const server = join(folder, "valkey-server");
  writeFileSync(server, "", { mode: 0o755 });

  expect(findRedisServer(`nowhere${delimiter}${folder}`)).toBe(server);
  rmSync(folder, { recursive: true });
});

test("the tests that are left out without Redis are there", () => {
  const left = globSync(REDIS_TESTS, { cwd: repositoryRoot });

  expect(left).not.toEqual([]);
  expect(WITHOUT_REDIS).toContain(REDIS_TESTS);
  expect(WITHOUT_REDIS).not.toContain("\n");
});
