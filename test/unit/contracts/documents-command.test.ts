// `npm run documents` from its options to its exit codes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { runNode } from "../../support/run-command.ts";

const cwd = join(import.meta.dirname, "..", "..", "..");
const run = (...args: readonly string[]) =>
  runNode(["bin/documents.ts", ...args], { cwd, limitMs: 60_000 });

const committed = (name: string): string => readFileSync(join(cwd, "docs", name), "utf8");
const folder = mkdtempSync(join(tmpdir(), "inorder-documents-"));
const events = join(folder, "asyncapi.json");
afterAll(() => rmSync(folder, { recursive: true }));

test("it says that both are up to date, or writes them where there are none", async () => {
  const [compared, written] = await Promise.all([run(), run("--write", folder)]);

  expect(compared).toMatchObject({ exitCode: 0 });
  expect(compared.output).toContain("Both documents are what the code says.");
  expect(written.exitCode).toBe(0);
  for (const name of ["openapi.json", "asyncapi.json"]) {
    expect(readFileSync(join(folder, name), "utf8")).toBe(committed(name));
  }
});

test("documents whose events could not be read any more stay as they are", async () => {
  const before = committed("asyncapi.json").replaceAll('"paymentId"', '"paymentReference"');
  writeFileSync(events, before);

  const { exitCode, output } = await run("--write", folder);

  expect(exitCode).toBe(1);
  expect(output).toContain("order.confirmed/paymentReference: is gone");
  expect(output).toContain("order.confirmed/paymentId: is required, and was not");
  expect(readFileSync(events, "utf8")).toBe(before);
});

test("an unknown option is refused with what is wrong", async () => {
  const { exitCode, output } = await run("--what");

  expect(exitCode).toBe(2);
  expect(output).toContain("Unknown option '--what'");
});
