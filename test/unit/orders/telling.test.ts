// What needs somebody is said loudly and counted; what the library has dealt with is said quietly.
import { expect, test } from "vitest";
import { METRICS, type MetricName } from "#contracts/metrics";
import { Failure } from "#kernel/failure";
import type { ConsumerEvent, Halt, Violation } from "#messaging";
import { logConsumer } from "#runtime/consumer-log";
import type { Log } from "#runtime/telemetry";
import type { SagaStartOutcome } from "#services/orders/usecases/start-sagas";
import { tellOutcomes } from "../../../functions/orders/saga-outcomes.ts";
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

test.each<{ outcome: SagaStartOutcome; metric: MetricName; levels: readonly string[] }>([
  {
    outcome: { receiptId: "r1", kind: "running", orderId },
    metric: METRICS.sagasStarted,
    levels: [],
  },
  {
    outcome: { receiptId: "r1", kind: "needs-attention", orderId, status: "FAILED" },
    metric: METRICS.sagasNeedAttention,
    levels: ["error"],
  },
  {
    outcome: { receiptId: "r1", kind: "buried", cause: "no JSON" },
    metric: METRICS.messagesUndecodable,
    levels: ["error"],
  },
  {
    outcome: { receiptId: "r1", kind: "failed", error },
    metric: METRICS.messagesReturned,
    levels: ["warn"],
  },
])("a saga start that is $outcome.kind is counted once", ({ outcome, metric, levels }) => {
  const { lines, logger, counted, count } = listener();

  tellOutcomes([outcome], { count, logger });

  expect(counted).toEqual([metric]);
  expect(lines.map(({ level }) => level)).toEqual(levels);
});
