// The EMF and the logs as they leave: one blob per invocation, one dimension, nothing left over for
// the next.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { METRICS } from "#contracts/metrics";
import { telemetry } from "#runtime/telemetry";

let lines: string[];

beforeEach(() => {
  vi.stubEnv("STAGE", "dev");
  lines = [];
  const keep = (chunk: string | Uint8Array): boolean => {
    lines.push(...String(chunk).split("\n").filter(Boolean));
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(keep);
  vi.spyOn(process.stderr, "write").mockImplementation(keep);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const metrics = () => parsed().filter((line) => "_aws" in line);

test("counts are summed into one blob of the stage, with the service as its only dimension", () => {
  const { count, milliseconds, flush } = telemetry("orders");

  for (let each = 0; each < 250; each += 1) count(METRICS.messagesApplied);
  count(METRICS.duplicatesDropped, 0);
  milliseconds(METRICS.latencyMs, 3);
  milliseconds(METRICS.latencyMs, 5);
  flush();

  expect(metrics()).toHaveLength(1);
  expect(metrics()[0]).toMatchObject({
    service: "orders",
    MessagesApplied: 250,
    LatencyMs: [3, 5],
    _aws: { CloudWatchMetrics: [{ Namespace: "Inorder/dev", Dimensions: [["service"]] }] },
  });
  expect(metrics()[0]).not.toHaveProperty("DuplicatesDropped");
});

test("what is flushed is gone, and an invocation without metrics emits none", () => {
  const { count, flush } = telemetry("orders");
  count(METRICS.requests);
  flush();

  flush();

  expect(metrics()).toHaveLength(1);
});

test("a function and its onion share one telemetry", () => {
  telemetry("users").count(METRICS.requests);
  telemetry("users").count(METRICS.requests);
  telemetry("users").flush();

  expect(metrics()).toMatchObject([{ service: "users", Requests: 2 }]);
});

test("log lines carry what correlates them until the invocation ends", () => {
  const { logger, correlate, flush } = telemetry("payments");

  correlate({ requestId: "request-1" });
  logger.info("inside", { orderId: "order-1" });
  flush();
  logger.warn("outside");

  expect(parsed()).toMatchObject([
    {
      level: "INFO",
      message: "inside",
      service: "payments",
      requestId: "request-1",
      orderId: "order-1",
    },
    { level: "WARN", message: "outside" },
  ]);
  expect(parsed()[1]).not.toHaveProperty("requestId");
});

test("an error is logged with its stack and its cause", () => {
  const error = new Error("above", { cause: new Error("below") });

  telemetry("payments").logger.error("failed", { error });

  expect(parsed()).toMatchObject([
    {
      error: {
        message: "above",
        stack: expect.any(String) as unknown,
        cause: { message: "below" },
      },
    },
  ]);
});
