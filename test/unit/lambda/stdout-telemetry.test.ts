// Log lines and metrics as CloudWatch reads them: one line of counts for each invocation, and never
// an exception.
import { expect, test } from "vitest";
import { CONSUMER_METRICS } from "#contracts/consumer-metrics";
import { Failure } from "#kernel/failure";
import { stdoutTelemetry } from "#lambda/stdout-telemetry";
import { start } from "../../support/consumer-world.ts";

function listener() {
  const lines: string[] = [];
  const telemetry = stdoutTelemetry({
    service: "ledger",
    namespace: "Inorder",
    clock: { now: () => start },
    write: (line) => lines.push(line),
  });
  return { telemetry, read: () => lines.map((line) => JSON.parse(line) as unknown) };
}

test("counts are summed into one line of the embedded metric format", () => {
  const { telemetry, read } = listener();

  telemetry.count(CONSUMER_METRICS.messagesApplied, 3);
  telemetry.count(CONSUMER_METRICS.messagesApplied);
  telemetry.count(CONSUMER_METRICS.streamsHalted, 0);
  telemetry.milliseconds(CONSUMER_METRICS.commitLatencyMs, 12);
  telemetry.milliseconds(CONSUMER_METRICS.commitLatencyMs, 8);
  telemetry.flush();
  telemetry.flush();

  expect(read()).toEqual([
    {
      _aws: {
        Timestamp: start,
        CloudWatchMetrics: [
          {
            Namespace: "Inorder",
            Dimensions: [["service"]],
            Metrics: [
              { Name: "MessagesApplied", Unit: "Count" },
              { Name: "CommitLatencyMs", Unit: "Milliseconds" },
            ],
          },
        ],
      },
      service: "ledger",
      MessagesApplied: 4,
      CommitLatencyMs: [12, 8],
    },
  ]);
});

test("a line carries what it is about until the invocation ends", () => {
  const { telemetry, read } = listener();

  telemetry.correlate({ requestId: "r1" });
  telemetry.logger.warn("held", { stream: "a" });
  telemetry.flush();
  telemetry.logger.info("next");

  expect(read()).toMatchObject([
    { level: "WARN", message: "held", service: "ledger", stream: "a", requestId: "r1" },
    { level: "INFO", message: "next" },
  ]);
  expect(read()[1]).not.toHaveProperty("requestId");
});

test("an error is written with its code and its cause", () => {
  const { telemetry, read } = listener();
  const cause = new TypeError("no answer");
  const error = new Failure("outcome-unknown", "retry", "lost", { cause });

  telemetry.logger.error("failed", { error });

  expect(read()).toMatchObject([
    {
      error: {
        name: "Failure",
        code: "outcome-unknown",
        message: "lost",
        cause: { name: "TypeError", message: "no answer" },
      },
    },
  ]);
});

test("what JSON cannot hold is named and thrown at nobody", () => {
  const { telemetry, read } = listener();
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;

  telemetry.logger.info("round", { circle });
  telemetry.logger.info("large", { count: 10n });

  expect(read()).toMatchObject([
    { message: "round", unwritable: expect.stringContaining("circular") as unknown },
    { message: "large", count: "10" },
  ]);
});
