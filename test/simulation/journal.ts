/**
 * What happened in one schedule: which branches were reached, and, for a reader of its trace, who
 * did what and when.
 */
import type { ConsumerEvent } from "#messaging";
import type { Publication } from "./publication.ts";

export type Journal = {
  /** Something that only happens sometimes, and has to. */
  reach(branch: string): void;
  branches(): Readonly<Record<string, number>>;
  /** @param about kept as it is, and written out only when somebody reads the trace. */
  note(who: string, what: string, about: unknown): void;
  trace(): readonly string[];
};

export function journal(start: number, now: () => number): Journal {
  const branches = new Map<string, number>();
  const notes: (readonly [at: number, who: string, what: string, about: unknown])[] = [];

  return {
    reach(branch) {
      branches.set(branch, (branches.get(branch) ?? 0) + 1);
    },
    branches: () => Object.fromEntries(branches),
    note(who, what, about) {
      notes.push([now(), who, what, about]);
    },
    trace: () =>
      notes.map(([at, who, what, about]) => {
        return `${String(at - start).padStart(7)} ${who} ${what} ${described(about)}`;
      }),
  };
}

export function branchOf(event: ConsumerEvent): string {
  if (event.kind === "race-lost") return event.by === "head" ? "fenced" : "effect-refused";
  if (event.kind === "decided" && event.refused !== undefined) return "decision-refused";
  return event.kind;
}

function described(about: unknown): string {
  if (typeof about !== "object" || about === null) return String(about);
  if ("body" in about) {
    const { kind, group, id, sequence, type } = about as Publication;
    return kind === "control" ? `${type} ${group} ${id}` : `${kind} ${group} ${sequence} ${id}`;
  }
  return JSON.stringify(about);
}
