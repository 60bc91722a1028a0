/**
 * The rules that bind any ordered consumer, whatever it keeps beside its effects: they are judged
 * by the log of effects and the contents of the queues alone. Rules about a head (fence, audit,
 * halts) do not apply to a consumer that has none.
 */
import type { Invariant, Verdict } from "../invariants/invariant.ts";
import type { Publication } from "../publication.ts";
import type { AppliedEffect, StreamTruth } from "../truth.ts";

export const RULES = ["order", "once", "kept", "ending"] as const;

export type RuleName = (typeof RULES)[number];

/** In the list of docs/semantics.md. */
export const NUMBERS: Readonly<Record<RuleName, number>> = {
  order: 1,
  once: 2,
  kept: 2,
  ending: 11,
};

export type Finding = { readonly rule: RuleName; readonly detail: string };

/** @param judge told of everything that is wrong; what it answers is the verdict. */
export function effectRules(judge: (finding: Finding) => Verdict): readonly Invariant[] {
  const found = (rule: RuleName, detail: string | undefined): Verdict =>
    detail === undefined ? undefined : judge({ rule, detail });

  return [
    {
      number: NUMBERS.order,
      onWrite: ({ truth, effects }) => found("order", disorder(truth, effects)),
    },
    {
      number: NUMBERS.once,
      onWrite: ({ truth, effects }) => found("once", repetition(truth, effects)),
      onDeleted: (publication, truth) => found("kept", loss(publication, truth)),
    },
    {
      number: NUMBERS.ending,
      atEnd: ({ truths, publications }) => found("ending", difference(truths, publications.all())),
    },
  ];
}

type Effects = readonly AppliedEffect[];

/** Each sequence takes effect for the first time directly after its predecessor. */
function disorder({ stream, effects: before }: StreamTruth, effects: Effects): string | undefined {
  const log = [...before];
  for (const effect of effects) {
    const { sequence, id } = effect;
    const last = log.reduce((max, each) => Math.max(max, each.sequence), 0);
    const isKnown = log.some((each) => each.id === id);
    if (!isKnown && sequence !== last + 1) {
      return `stream ${stream}: ${sequence} took effect after ${last}`;
    }
    log.push(effect);
  }
  return undefined;
}

function repetition({ stream, effects: before }: StreamTruth, effects: Effects): Verdict {
  const again = effects.find(({ id }) => before.some((each) => each.id === id));
  if (again === undefined) return undefined;
  return `stream ${stream}: ${again.sequence} took effect again`;
}

/** What has left the last queue must have taken effect. */
function loss(publication: Publication, { effects }: StreamTruth): string | undefined {
  const { kind, copies, isAccepted, id, sequence, group } = publication;
  if (kind !== "ordered" || copies > 0 || !isAccepted) return undefined;
  if (effects.some((effect) => effect.id === id)) return undefined;
  return `group ${group}: ${sequence} (${id}) is in no place any more`;
}

/** After draining, the effects are those of a run without failures; poison is left out of both. */
function difference(truths: readonly StreamTruth[], publications: readonly Publication[]): Verdict {
  const healthy = publications.filter(
    ({ kind, data, isAccepted }) =>
      kind === "ordered" && isAccepted && data["poison"] === undefined,
  );
  for (const stream of new Set(healthy.map((publication) => publication.stream))) {
    const expected = new Set(
      healthy.filter((one) => one.stream === stream).map(({ sequence }) => sequence),
    );
    const effects = truths.find((truth) => truth.stream === stream)?.effects ?? [];
    const applied = effects.map(({ sequence }) => sequence).join();
    const whole = [...expected].sort((a, b) => a - b).join();
    if (applied !== whole)
      return `stream ${stream} ended with ${applied}; without failures ${whole}`;
  }
  return undefined;
}
