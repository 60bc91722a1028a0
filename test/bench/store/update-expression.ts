/**
 * The update expressions that the two sides of the benchmark write: `SET #a = :b, ...` and
 * `ADD #a :b, ...`, parsed once. Anything else is refused.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item, Placeholders } from "../../simulation/powertools/expressions.ts";

type Part = { readonly name: string; readonly value: string; readonly adds: boolean };

const parsed = new Map<string, readonly Part[]>();

export function applyUpdate(expression: string, item: Item, { names, values }: Placeholders): Item {
  const known = parsed.get(expression) ?? partsOf(expression);
  parsed.set(expression, known);
  const changed: Record<string, AttributeValue> = { ...item };
  for (const { name, value, adds } of known) {
    const attribute = names[name];
    const given = values[value];
    if (attribute === undefined || given === undefined) throw unknown(expression);
    changed[attribute] = adds ? sum(item[attribute], given) : given;
  }
  return changed;
}

function partsOf(expression: string): readonly Part[] {
  const [, verb, list = ""] = /^(SET|ADD) (.+)$/.exec(expression) ?? [];
  return list.split(", ").map((text) => {
    const [, name, value] =
      (verb === "SET" ? /^(#\w+) = (:\w+)$/ : /^(#\w+) (:\w+)$/).exec(text) ?? [];
    if (name === undefined || value === undefined) throw unknown(expression);
    return { name, value, adds: verb === "ADD" };
  });
}

const sum = (before: AttributeValue | undefined, more: AttributeValue): AttributeValue => ({
  N: String(Number(before?.N ?? 0) + Number(more.N)),
});

const unknown = (expression: string): Error =>
  new Error(`An expression that the benchmark's store does not know: ${expression}`);
