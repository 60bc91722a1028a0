/**
 * Judges every write of the simulated table, and the end, against what the handler alone makes of
 * its messages. The numbers are those of docs/semantics.md.
 */
import type { MemoryWrite } from "#adapters/memory/table";
import type { Head } from "#messaging";
import type { Breach } from "../scenario.ts";
import { ITEM_SORT } from "./item-table.ts";
import type { Reference, StreamReference } from "./reference.ts";

export type Judge = {
  /** For the table: before anybody can read what was written. */
  readonly see: (writes: readonly MemoryWrite[]) => void;
  readonly rule: (invariant: Rule, detail: string | undefined) => void;
  readonly breach: () => Breach | undefined;
  readonly headOf: (stream: string) => Head | undefined;
  /** Messages whose effect has been committed so far. */
  readonly applied: () => number;
};

export type Rule = keyof typeof RULES;

const RULES = {
  order: 1,
  "nothing-lost": 2,
  fence: 3,
  together: 4,
  once: 6,
  drains: 19,
} as const;

export type JudgeOptions = {
  readonly reference: Reference;
  readonly headSort: string;
  readonly same: (value: unknown) => string;
  readonly steps: () => number;
};

export function judge({ reference, headSort, same, steps }: JudgeOptions): Judge {
  const heads = new Map<string, Head>();
  let first: Breach | undefined;
  let applied = 0;

  const rule: Judge["rule"] = (invariant, detail) => {
    if (detail === undefined || first !== undefined) return;
    first = { invariant: RULES[invariant], part: invariant, detail, step: steps() };
  };

  return {
    rule,
    see(writes) {
      const written = writes.find(({ sort }) => sort === headSort);
      const effects = writes.filter(({ sort }) => sort === ITEM_SORT);
      if (written?.text === undefined) {
        if (effects.length > 0) rule("together", `${effects.length} effects without a position`);
        return;
      }
      const after = JSON.parse(written.text) as Head;
      const before = heads.get(after.stream);
      const expected = reference.streams.get(after.stream);
      rule("fence", fenced(before, after));
      if (expected !== undefined) {
        rule("order", moved(before, after, expected));
        rule("together", stated(after, expected, same));
        rule("together", effected({ before, after, expected, effects, same }));
      }
      heads.set(after.stream, after);
      applied += Math.max(0, after.last - (before?.last ?? 0));
    },
    breach: () => first,
    headOf: (stream) => heads.get(stream),
    applied: () => applied,
  };
}

function fenced(before: Head | undefined, { stream, version }: Head): string | undefined {
  const expected = (before?.version ?? 0) + 1;
  if (version === expected) return undefined;
  return `stream ${stream}: version ${version} was written over ${expected - 1}`;
}

function moved(
  before: Head | undefined,
  { stream, last }: Head,
  { halt, messages }: StreamReference,
): string | undefined {
  const from = before?.last ?? 0;
  if (last < from) return `stream ${stream}: the position went back from ${from} to ${last}`;
  if (last > messages.length) return `stream ${stream}: ${last} was applied, which nobody sent`;
  if (halt === undefined || last < halt.sequence) return undefined;
  return `stream ${stream}: ${last} was applied although ${halt.sequence} cannot be: ${halt.why}`;
}

function stated(
  { stream, last, state }: Head,
  { states }: StreamReference,
  same: JudgeOptions["same"],
): string | undefined {
  const expected = states[last];
  if (state === undefined || expected === undefined || same(state) === expected) return undefined;
  const made = `messages 1 to ${last}, each once and in order, make ${expected}`;
  return `stream ${stream}: the state at ${last} is ${same(state)}; ${made}`;
}

type Effected = {
  readonly before: Head | undefined;
  readonly after: Head;
  readonly expected: StreamReference;
  readonly effects: readonly MemoryWrite[];
  readonly same: JudgeOptions["same"];
};

/** How many writes: what they say is judged by the items that they leave in the end. */
function effected({ before, after, expected, effects }: Effected): string | undefined {
  const from = before?.last ?? 0;
  const due = expected.writes.slice(from + 1, after.last + 1).flat();
  if (due.length === effects.length) return undefined;
  const range = `from ${from} to ${after.last}`;
  return (
    `stream ${after.stream}: the position moved ${range} together with ${effects.length} writes; ` +
    `its messages lead to ${due.length}`
  );
}

/** After draining, when nothing may be under way any more. */
export function judgeEnd(
  { rule, headOf }: Judge,
  reference: Reference,
  end: { readonly items: readonly string[]; readonly outside: string },
): void {
  for (const [stream, { halt, messages }] of reference.streams) {
    const { last = 0, status = "running", parked = [] } = headOf(stream) ?? {};
    const due = halt === undefined ? messages.length : halt.sequence - 1;
    if (last !== due) rule("drains", `stream ${stream}: applied up to ${last} of ${due}`);
    const kept = last + parked.length;
    const lost = `stream ${stream}: of ${messages.length} messages ${kept} are applied or parked`;
    if (kept !== messages.length) rule("nothing-lost", lost);
    const isRight = status === (halt === undefined ? "running" : "halted");
    rule("drains", isRight ? undefined : `stream ${stream} is ${status} after draining`);
  }
  const items = differing(reference.items, end.items);
  rule("once", items === undefined ? undefined : `the items that effects wrote: ${items}`);
  if (end.outside === reference.outside) return;
  rule(
    "once",
    `the world outside is ${end.outside}; each message once and in order makes it ` +
      `${reference.outside}`,
  );
}

function differing(expected: readonly string[], found: readonly string[]): string | undefined {
  const missing = expected.find((item) => !found.includes(item));
  const strange = found.find((item) => !expected.includes(item));
  if (missing === undefined && strange === undefined) return undefined;
  return `there is ${strange ?? "none"} where ${missing ?? "none"} should be`;
}
