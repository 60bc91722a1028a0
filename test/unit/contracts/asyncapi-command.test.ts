// `npm run asyncapi` from its options to its exit codes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runNode } from "../../support/run-command.ts";

const cwd = join(import.meta.dirname, "..", "..", "..");
const run = (...args: readonly string[]) =>
  runNode(["bin/asyncapi.ts", ...args], { cwd, limitMs: 60_000 });

const committed = readFileSync(join(cwd, "docs", "asyncapi.json"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "inorder-asyncapi-"));
const path = join(folder, "asyncapi.json");
afterAll(() => rmSync(folder, { recursive: true }));

test("it prints the document, or writes it where there is none", async () => {
  const printed = await run();
  const written = await run("--write", path);

  expect(JSON.parse(printed.output)).toEqual(JSON.parse(committed));
  expect(written.exitCode).toBe(0);
  expect(readFileSync(path, "utf8")).toBe(committed);
});

test("a document whose events could not be read any more stays as it is", async () => {
  const before = committed.replaceAll('"paymentId"', '"paymentReference"');
  writeFileSync(path, before);

  const { exitCode, output } = await run("--write", path);

  expect(exitCode).toBe(1);
  expect(output).toContain("order.confirmed/paymentReference: is gone");
  expect(output).toContain("order.confirmed/paymentId: is required, and was not");
  expect(readFileSync(path, "utf8")).toBe(before);
});

test("an unknown option is refused with what is wrong", async () => {
  const { exitCode, output } = await run("--what");

  expect(exitCode).toBe(2);
  expect(output).toContain("Unknown option '--what'");
});
