import { describe, expect, it, test } from "vitest";

test.skip("skipped", () => {}); // caught
test.only("alone", () => {}); // caught
test.todo("planned"); // caught
test.skipIf(process.env["CI"])("sometimes", () => {}); // caught
describe.runIf(process.env["CI"])("sometimes", () => {}); // caught
it.concurrent.skip("skipped", () => {}); // caught
test("skips itself", (context) => {
  context.skip(); // caught
});
test("compares a constant", () => {
  expect(true).toBe(true); // caught
  expect(1).toBe(1); // caught
});
