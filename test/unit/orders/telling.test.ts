// What needs somebody is said loudly and counted; what the library has dealt with is said quietly.
import { expect, test } from "vitest";
import { METRICS, type MetricName } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { ConsumerEvent, Halt, Violation } from "#messaging";
import { logConsumer } from "#lambda/consumer-log";
import type { Log } from "#runtime/log";
import type { SagaStart } from "#services/orders/ports";
import { tellStarts } from "../../../functions/orders/saga-outcomes.ts";
import { now, orderId } from "../../support/order-samples.ts";

function listener() {
  const lines: { readonly level: string; readonly fields: unknown }[] = [];
  const at =
    (level: string) =>
    (_message: string, fields?: unknown): void => {
      lines.push({ level, fields });
    };
  const logger: Log = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
  const counted: MetricName[] = [];
  return { lines, logger, counted, count: (metric: MetricName) => void counted.push(metric) };
}

const halt: Halt = { sequence: 2, messageId: "msg-2", code: "x", message: "why", at: now };
const violation: Violation = {
  kind: "timestamp-anomaly",
  severity: "warning",
  sequence: 2,
  messageId: "msg-2",
  expected: "later",
  actual: "earlier",
  at: now,
};
const stream = orderId;
const error = new Failure("store-throttled", "retry", "busy");

test.each<{ level: string; event: ConsumerEvent }>([
  { level: "error", event: { kind: "stream-halted", stream, halt } },
  { level: "error", event: { kind: "dead-lettered", receiptId: "r1", cause: "no JSON" } },
  { level: "warn", event: { kind: "violation-filed", stream, violation } },
  {
    level: "error",
    event: {
      kind: "violation-filed",
      stream,
      violation: { ...violation, severity: "critical" },
    },
  },
  { level: "warn", event: { kind: "returned", receiptIds: ["r1"], why: "store-failed", error } },
  { level: "info", event: { kind: "returned", receiptIds: ["r1"], why: "attempt-failed" } },
  { level: "info", event: { kind: "attempt-failed", stream, sequence: 2, attempt: 1, error } },
  { level: "info", event: { kind: "race-lost", stream, by: "head" } },
])("$event.kind is logged as $level with all that is known", ({ level, event }) => {
  const { lines, logger } = listener();
  const { kind: _kind, ...fields } = event;

  logConsumer(logger)(event);

  expect(lines).toEqual([{ level, fields }]);
});

test.each<{ start: SagaStart; metric: MetricName; lines: readonly object[] }>([
  { start: { kind: "running", since: now }, metric: METRICS.sagasStarted, lines: [] },
  {
    start: { kind: "needs-attention", status: "FAILED" },
    metric: METRICS.sagasNeedAttention,
    lines: [{ level: "error", fields: { orderId, status: "FAILED" } }],
  },
])("a saga start that is $start.kind is counted once", ({ start, metric, lines: expected }) => {
  const { lines, logger, counted, count } = listener();

  tellStarts({ count, logger })(orderId, start);

  expect(counted).toEqual([metric]);
  expect(lines).toEqual(expected);
});
