/**
 * What an ordered consumer tells whoever watches it, as log lines: loud where somebody has to act,
 * quiet where the library has dealt with it.
 */
import type { ConsumerEvent, Decision, Observe } from "#messaging";
import type { Log, LogFields } from "#runtime/log";

/** No message's data gets into the log, also not what an operator has put in its place. */
export const logConsumer =
  (log: Log): Observe =>
  (event) => {
    log[levelOf(event)](SAID[event.kind], fieldsOf(event));
  };

function fieldsOf(event: ConsumerEvent): LogFields {
  const { kind: _kind, ...fields } = event;
  return "decision" in fields ? { ...fields, decision: withoutData(fields.decision) } : fields;
}

function withoutData(decision: Decision): LogFields {
  if (decision.kind !== "replace") return decision;
  const { data: _data, ...told } = decision;
  return told;
}

const SAID: Readonly<Record<ConsumerEvent["kind"], string>> = {
  "stream-halted": "A stream is halted; nothing of it is applied until somebody decides.",
  "stream-resumed": "A stream runs again: all that was parked in a row is applied.",
  decided: "A control message was decided.",
  skipped: "Messages were left out.",
  "redelivery-requested": "The producer is asked for what is missing.",
  "redelivery-failed": "The producer could not be asked; the next deadline asks again.",
  "violation-filed": "A message went against its stream's order.",
  "attempt-failed": "A message could not be applied now; it is tried again.",
  "race-lost": "Another writer was first; the messages are classified again.",
  "dead-lettered": "A message that can never be applied went to the dead letters.",
  returned: "Messages go back to the queue.",
};

function levelOf(event: ConsumerEvent): "error" | "warn" | "info" {
  switch (event.kind) {
    case "stream-halted":
    case "dead-lettered":
      return "error";
    case "skipped":
    case "redelivery-failed":
    case "redelivery-requested":
      return "warn";
    case "decided":
      return event.refused === undefined ? "info" : "warn";
    case "stream-resumed":
      return "info";
    case "violation-filed":
      return event.violation.severity === "critical" ? "error" : "warn";
    case "returned":
      return event.why === "attempt-failed" ? "info" : "warn";
    case "attempt-failed":
    case "race-lost":
      return "info";
    default:
      return event satisfies never;
  }
}
