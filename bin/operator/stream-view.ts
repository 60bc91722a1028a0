/**
 * A consumer's streams for a person who has to decide about them.
 */
import { isoInstant } from "#kernel/units";
import { type AuditRecord, type Head, type Message, RECOMMENDED } from "#messaging";
import type { History } from "./audit-records.ts";

/** One line for each halted stream, below its heading. */
export function haltedTable(heads: readonly Head[]): string {
  if (heads.length === 0) return "No stream is halted.";
  const rows = heads.map(({ stream, halt, parked }) => [
    stream,
    String(halt?.sequence ?? ""),
    halt === undefined ? "" : isoInstant(halt.at),
    String(parked.length),
    `${halt?.code}: ${halt?.message}`,
  ]);
  return table(["stream", "at", "since", "parked", "cause"], rows);
}

export type StreamFacts = {
  readonly head: Head;
  /** The message that halted it, where it is there. */
  readonly culprit: Message | undefined;
  readonly history: History;
};

export function streamView({ head, culprit, history }: StreamFacts): string {
  const { halt, parked, skipped } = head;
  const lines = [
    `stream    ${head.stream}`,
    `status    ${head.status}${head.closed ? ", closed" : ""}`,
    `applied   up to ${head.last} (version ${head.version} of its head)`,
    `parked    ${parked.map(({ sequence }) => sequence).join(" ") || "nothing"}`,
    ...(skipped.length === 0
      ? []
      : [`left out  ${skipped.map(({ from, to }) => `${from}-${to}`).join(" ")}`]),
    ...(halt === undefined
      ? []
      : [
          `halted    at ${halt.sequence} since ${isoInstant(halt.at)}`,
          `cause     ${halt.code}: ${halt.message}`,
        ]),
    ...(culprit === undefined
      ? []
      : [`message   ${culprit.id}, ${culprit.type}`, `data      ${JSON.stringify(culprit.data)}`]),
    ...head.violations.map(
      ({ kind, severity, sequence, expected, actual }) =>
        `violation ${kind} (${severity}) at ${sequence}: expected ${expected}; got ${actual}\n` +
        `          do: ${RECOMMENDED[kind].join("; ")}`,
    ),
    ...historyOf(history),
  ];
  return lines.join("\n");
}

function historyOf({ records, older, before }: History): readonly string[] {
  if (records.length === 0) return [];
  const lines = records.map(
    ({ version, record }) => `  ${version}  ${isoInstant(record.at)}  ${said(record)}`,
  );
  const more = `  ${older} older ones are left out: show STREAM --before ${before}`;
  return ["history", ...(older === 0 ? [] : [more]), ...lines];
}

function said(record: AuditRecord): string {
  switch (record.kind) {
    case "violation":
      return `violation ${record.violation.kind} at ${record.violation.sequence}`;
    case "halt":
      return `halted at ${record.halt.sequence}: ${record.halt.code}`;
    case "decision": {
      const { kind, author, reason } = record.decision;
      const end = record.refused === undefined ? "" : `; refused: ${record.refused}`;
      return `${kind} by ${author} (${reason})${end}`;
    }
    case "gap-skipped":
      return `gap ${record.skipped.from}-${record.skipped.to} left out by its deadline`;
    default:
      return record satisfies never;
  }
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [titles, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
