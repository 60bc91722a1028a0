/**
 * As much of DynamoDB's expressions as Powertools and our head store write: conditions of
 * comparisons and `attribute_exists`, and `SET` (Expressions.ConditionExpressions.html and
 * Expressions.UpdateExpressions.html, Amazon DynamoDB Developer Guide). Anything else is refused,
 * so that a newer version of Powertools cannot be misread.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

export type Item = Readonly<Record<string, AttributeValue>>;

export type Placeholders = {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, AttributeValue>>;
};

type Condition = (item: Item, placeholders: Placeholders) => boolean;

const TOKEN = /attribute_(?:not_)?exists|AND\b|OR\b|[#:]?\w+|[()=<]/g;
const conditions = new Map<string, Condition>();

/** @param item what stands there; empty: nothing. */
export function holds(expression: string, item: Item, placeholders: Placeholders): boolean {
  const known = conditions.get(expression) ?? parsed(expression);
  conditions.set(expression, known);
  return known(item, placeholders);
}

/** The item with what `SET #a = :b, ...` gives it. */
export function updated(expression: string, item: Item, { names, values }: Placeholders): Item {
  const [, list] = /^SET (.+)$/.exec(expression) ?? refuse(expression);
  const changes = (list ?? "").split(", ").map((assignment): [string, AttributeValue] => {
    const [name = "", value = ""] = assignment.split(" = ");
    return [names[name] ?? refuse(assignment), values[value] ?? refuse(assignment)];
  });
  return { ...item, ...Object.fromEntries(changes) };
}

function parsed(expression: string): Condition {
  const tokens = expression.match(TOKEN) ?? [];
  if (tokens.join("") !== expression.replaceAll(" ", "")) return refuse(expression);
  let place = 0;
  const next = (): string => tokens[place++] ?? refuse(expression);
  const takes = (token: string): boolean => {
    if (tokens[place] !== token) return false;
    place += 1;
    return true;
  };

  const either = (): Condition => {
    const parts = [both()];
    while (takes("OR")) parts.push(both());
    return (item, placeholders) => parts.some((part) => part(item, placeholders));
  };
  const both = (): Condition => {
    const parts = [single()];
    while (takes("AND")) parts.push(single());
    return (item, placeholders) => parts.every((part) => part(item, placeholders));
  };
  const single = (): Condition => {
    if (takes("(")) return closed(either());
    const first = next();
    if (!first.startsWith("attribute_")) return comparison(first, next(), next());
    next();
    const name = next();
    const isWanted = first === "attribute_exists";
    return closed((item, { names }) => (nameIn(names, name) ?? "") in item === isWanted);
  };
  const closed = (inner: Condition): Condition => (takes(")") ? inner : refuse(expression));

  const whole = either();
  return place === tokens.length ? whole : refuse(expression);
}

/** A comparison with an attribute that is not there never holds. */
const comparison =
  (name: string, operator: string, value: string): Condition =>
  (item, { names, values }) => {
    const left = plain(item[nameIn(names, name) ?? ""]);
    const right = plain(values[value]);
    if (left === undefined || right === undefined || typeof left !== typeof right) return false;
    return operator === "<" ? left < right : left === right;
  };

/** A name stands for itself, or for what its placeholder says. */
const nameIn = (names: Placeholders["names"], name: string): string | undefined =>
  name.startsWith("#") ? names[name] : name;

function plain(value: AttributeValue | undefined): string | number | undefined {
  if (value?.N !== undefined) return Number(value.N);
  return value?.S;
}

function refuse(expression: string): never {
  throw new Error(`An expression that this model does not know: ${expression}`);
}
