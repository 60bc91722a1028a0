// What an operator may ask of a sweep: what is no number of streams is refused before anything is
// looked at.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sweepHandler } from "#lambda/sweep-handler";
import { lambdaContext } from "../../support/gateway-event.ts";

beforeEach(() => {
  vi.stubEnv("INORDER_TABLE", "heads");
  vi.stubEnv("INORDER_CONSUMER", "ledger");
  vi.stubEnv("INORDER_QUEUE_URL", "https://sqs.example/ledger.fifo");
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test.each([0, 501, 1.5, "10", null])("a limit of %j is refused", async (limit) => {
  const swept = sweepHandler()({ limit }, lambdaContext());

  await expect(swept).rejects.toThrow(/limit is an integer from 1 to 500; received/);
});

test("a sweep that is told nothing does not start", () => {
  vi.stubEnv("INORDER_QUEUE_URL", "");

  expect(() => sweepHandler()).toThrow(/lacks INORDER_QUEUE_URL/);
});
