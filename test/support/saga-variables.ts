/**
 * Which variables of a saga are surely assigned when a state begins, whatever way led
 * there, and which it reads. Reading an unassigned one ends a run with an error that nothing
 * undoes.
 */
import { type SagaDefinition, saga, type State } from "./saga-definition.ts";

type Names = ReadonlySet<string>;

/** By state: what every way from the start has assigned. */
export function assignedBefore({
  StartAt,
  States,
}: SagaDefinition = saga): ReadonlyMap<string, Names> {
  const known = new Map<string, Names>();
  const toVisit: (readonly [string, Names])[] = [[StartAt, new Set<string>()]];
  for (const [name, assigned] of toVisit) {
    const present = known.get(name);
    const sure = present === undefined ? assigned : inBoth(present, assigned);
    if (present !== undefined && sure.size === present.size) continue;
    known.set(name, sure);
    toVisit.push(...waysOut(States[name], sure));
  }
  return known;
}

/** `$name` in the state's own expressions and in those of its catchers. */
export function variablesRead(state: State): readonly string[] {
  const expressions = JSON.stringify(state).match(/\{%.*?%\}/g) ?? [];
  const names = expressions.flatMap((expression) =>
    [...expression.matchAll(/\$([A-Za-z]\w*)\b(?!\()/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)].filter((name) => name !== "states");
}

function waysOut(state: State | undefined, before: Names): (readonly [string, Names])[] {
  if (state?.Type !== "Task" && state?.Type !== "Choice") return [];
  const alsoAssigned = (assigned: object | undefined): Names =>
    new Set([...before, ...Object.keys(assigned ?? {})]);
  if (state.Type === "Choice") {
    const chosen = state.Choices.map(({ Next, Assign }) => [Next, alsoAssigned(Assign)] as const);
    return [[state.Default, alsoAssigned(state.Assign)], ...chosen];
  }
  const caught = state.Catch.map(({ Next, Assign }) => [Next, alsoAssigned(Assign)] as const);
  return state.Next === undefined ? caught : [[state.Next, alsoAssigned(state.Assign)], ...caught];
}

const inBoth = (one: Names, other: Names): Names =>
  new Set([...one].filter((name) => other.has(name)));
